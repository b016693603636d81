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
    ...{ attack: tokenAnswers, kind: "other", what: /more than \d+ bytes of one answer were taken/ },
    says: "a token answer is read without a limit of size",
  },
  {
    ...{ attack: tokenAnswers, kind: "secret", what: /"manner":"echo"/ },
    says: "an error code in which a server repeats a secret made of letters only is shown",
  },
  {
    ...{ attack: "two logins by redirect on one page", kind: "wrong origin", what: /a code of another login went to/ },
    says: "of two `browserLogin`s on one page, one trades in the other's code at its own token endpoint",
  },
  {
    ...{ attack: "two logins by redirect on one page", kind: "other", what: /a stranger's callback was erased/ },
    says: "`browserLogin` erases a `code` and `state` from the address bar that are another library's",
  },
  {
    ...{ attack: "Retry-After of a token endpoint", kind: "other", what: /requests within a second/ },
    says: "a `Retry-After` of 0, or of a moment in the past, takes the wait after a failure away",
  },
  {
    ...{ attack: "strangers at the port of a command-line login", kind: "unhandled", what: /Invalid URL/ },
    says: "a request such as `GET //` to the port of `loopbackLogin` is an uncaught error",
  },
];
