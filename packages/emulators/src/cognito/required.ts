import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { invalidParameter } from "./errors.ts";

/** A parameter the service cannot do without. */
export function required(fields: Fields, name: string): string {
  const value = textField(fields, name);
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
