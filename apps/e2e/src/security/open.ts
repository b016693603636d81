import type { Kind } from "./attack.ts";

/** A weakness that is known and not fixed yet: it is reported, and fails nothing. Whoever fixes it removes its line here. */
interface Open {
  readonly attack: string;
  readonly kind: Kind;
  readonly what: RegExp;
  readonly says: string;
}

const tokenAnswers = "answers of a token endpoint";

export const open: readonly Open[] = [
  {
    ...{ attack: tokenAnswers, kind: "secret", what: /"manner":"echo"/ },
    says: "an error code in which a server repeats a secret made of letters only is shown",
  },
];
