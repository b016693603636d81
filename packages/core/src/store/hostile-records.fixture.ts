import fc from "fast-check";
import type { StoredSession } from "./index.ts";

/** What they are made from; its token must show nowhere. */
export const plantedRecord: StoredSession = {
  format: 1,
  revision: 7,
  identity: "ada",
  tokens: { accessToken: "planted-access", receivedAt: 1 },
};
const names = [
  "format",
  "revision",
  "identity",
  "tokens",
  "lease",
  "failure",
  "accessToken",
  "receivedAt",
  "expiresAt",
  "owner",
  "until",
  "code",
];
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1, 0.5, "", "1", null, [], {}, undefined),
  fc.dictionary(fc.constantFrom(...names, "__proto__"), fc.jsonValue()),
);
/** A right record of which a few members, at any depth, are something else. */
const damaged = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 3 }).map((members) => ({
  ...plantedRecord,
  ...members,
  ...(Object.hasOwn(members, "tokens") ? {} : { tokens: { ...plantedRecord.tokens, ...members } }),
}));
/** Values that a store gives back for a session: nearly right ones, and any other. */
export const hostileRecords: fc.Arbitrary<unknown> = fc.oneof(odd, damaged);
