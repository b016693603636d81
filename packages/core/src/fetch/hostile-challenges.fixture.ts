import fc from "fast-check";

/** Of which headers are made. */
export const challengePieces: fc.Arbitrary<string> = fc.constantFrom(
  ...['"', "\\", '\\"', "=", "==", ",", " ", "\t", " , ", ";", "/", "~", "é", "{", "__proto__", "constructor"],
  ...[
    "Bearer",
    "DPoP",
    "Basic",
    "error",
    'error="insufficient_scope"',
    'error="insufficient_user_authentication"',
    "max_age=",
    "scope",
    "a",
  ],
);
/** Headers that are a challenge, or look like one. */
export const hostileChallenges: fc.Arbitrary<string> = fc.oneof(
  fc.array(challengePieces, { maxLength: 40 }).map((pieces) => pieces.join("")),
  fc.string(),
);
