import type { Call } from "../kit/index.ts";
import { invalidRequest } from "./errors.ts";

/** The parameters of a form; a parameter without a value is one left out (RFC 6749, section 3.1). */
export type Form = (name: string) => string | undefined;

/** The form of a request. Throws for any other content type, and for a parameter sent twice (RFC 6749, section 3.2). */
export function formOf(call: Call): Form {
  const contentType = call.request.headers.get("content-type") ?? "";
  if (!contentType.startsWith("application/x-www-form-urlencoded")) throw invalidRequest("The body must be form-encoded.");
  return parametersOf(call.form());
}

/** Parameters that may be sent more than once (RFC 8707, section 2; RFC 8693, section 2.1). */
const repeatable = ["resource", "audience"];

/** The same of a query. */
export function parametersOf(given: URLSearchParams): Form {
  for (const name of new Set(given.keys())) {
    if (given.getAll(name).length > 1 && !repeatable.includes(name)) throw invalidRequest(`${printable(name)} is sent more than once.`);
  }
  return (name) => given.get(name) || undefined;
}

/** Throws for one left out. */
export function required(parameter: Form, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw invalidRequest(`${name} is missing.`);
  return value;
}

/** A name that a client sent, fit for a message. */
function printable(name: string): string {
  return name.replaceAll(/[^\w-]/g, "").slice(0, 40);
}
