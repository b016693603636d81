/** The members of a JSON object nobody has checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one if it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A member that is a string and not empty. */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
