import { inspect } from "node:util";
import type { Vendor } from "./vendor.fixture.ts";

/** Passwords, client secrets and whatever the server issued, in every form they travel in. */
export async function secretsOf({ secrets, account }: Vendor, received: readonly Response[]): Promise<string[]> {
  const issued = new Set(secrets);
  for (const response of received) {
    const body = await response.clone().text();
    for (const [, token = ""] of body.matchAll(/"\w*(?:token|session)\w*":"([^"]{16,})"/gi)) issued.add(token);
  }
  return [...issued].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice("secret=".length),
    Buffer.from(`${account}:${secret}`).toString("base64"),
  ]);
}

/** All that a log, a bug report or a console can make of a value. */
export function* textsOf(value: unknown): Generator<string> {
  yield String(value);
  yield inspect(value, { depth: 10 });
  yield JSON.stringify(value) ?? "";
  for (let error = value; error instanceof Error; error = error.cause) {
    yield [error.name, error.message, error.stack, JSON.stringify(error, Object.getOwnPropertyNames(error))].join("\n");
  }
}
