import { check } from "./check.ts";

/** Throws if a secret can be found in a value by any of the ways values reach a log: text, JSON, members, causes. */
export function checkNoSecret(value: unknown, secrets: readonly string[], where: string): void {
  for (const { path, text } of textsOf(value, where)) {
    check(!secrets.some((secret) => text.includes(secret)), `${path} holds a secret`);
  }
}

interface Found {
  readonly path: string;
  readonly text: string;
}

/** Every string of a value, hidden members of errors included. Ends at functions and at what has been seen. */
function* textsOf(value: unknown, path: string, seen: Set<object> = new Set()): Generator<Found> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Error) yield { path, text: String(value) };
  if (value instanceof Headers || value instanceof URLSearchParams) yield { path, text: JSON.stringify([...value]) };
  if (value instanceof URL) yield { path, text: value.href };
  if (value instanceof Request || value instanceof Response) yield* textsOf([value.url, value.headers], path, seen);
  for (const key of Reflect.ownKeys(value)) {
    const member: unknown = Reflect.get(value, key);
    yield* textsOf(member, `${path}.${String(key)}`, seen);
  }
}
