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
/** Notes of other instances, nearly right. */
const notes = {
  failure: fc.record(
    {
      code: fc.constantFrom("token-request-failed", "credentials-rejected", "login-required", "refresh-rejected", "no such code", ""),
      ...{ retryAt: odd, credentials: odd, identity: odd, refreshRejected: odd },
    },
    { requiredKeys: ["code"] },
  ),
  lease: fc.record({ owner: fc.string(), until: fc.double() }),
  revision: fc.constantFrom(0, -1, 2 ** 52, 2 ** 53 - 1, Number.MIN_SAFE_INTEGER),
};
/** A right record of which a few members, at any depth, are something else. */
const damaged = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 3 }).map((members) => ({
  ...plantedRecord,
  ...members,
  ...(Object.hasOwn(members, "tokens") ? {} : { tokens: { ...plantedRecord.tokens, ...members } }),
}));
/** Values that a store gives back for a session: nearly right ones, and any other. */
export const hostileRecords: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  damaged,
  fc.record(notes, { requiredKeys: [] }).map((members) => ({ ...plantedRecord, ...members })),
);
