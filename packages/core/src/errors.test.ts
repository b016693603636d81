import { describe, expect, it } from "vitest";
import {
  AuthError,
  ChallengeRequiredError,
  CredentialsRejectedError,
  isAuthError,
  LoggedOutError,
  LoginRequiredError,
  RefreshRejectedError,
  TokenRequestError,
  TokenResponseError,
} from "./index.ts";
import { UnreadableRecordError } from "./store/index.ts";

const cause = new Error("why");

/** One of each, as it is thrown. */
const errors: readonly (readonly [string, Error, string | undefined])[] = [
  ["AuthError", new AuthError("misconfigured", "what", { cause }), "misconfigured"],
  ["ChallengeRequiredError", new ChallengeRequiredError("what", { challenge: "MFA", cause }), "challenge-required"],
  ["CredentialsRejectedError", new CredentialsRejectedError("what", { cause }), "credentials-rejected"],
  ["LoggedOutError", new LoggedOutError("what", { cause }), "logged-out"],
  ["LoginRequiredError", new LoginRequiredError("what", { cause }), "login-required"],
  ["RefreshRejectedError", new RefreshRejectedError("what", { cause }), "refresh-rejected"],
  ["TokenRequestError", new TokenRequestError("what", { cause }), "token-request-failed"],
  ["TokenResponseError", new TokenResponseError("what", { cause }), "token-response-malformed"],
  ["UnreadableRecordError", new UnreadableRecordError("damaged", "what", { cause }), undefined],
];

describe.each(errors)("%s", (name, error, code) => {
  it("keeps its code, its message and its cause", () => {
    expect(error).toMatchObject({ message: "what", cause, ...(code && { code }) });
    expect(isAuthError(error)).toBe(code !== undefined);
  });

  it("has its name where the platform's errors have theirs", () => {
    const [own, platform] = [error, new TypeError()].map((each) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(each), "name"));
    expect(own).toEqual({ ...platform, value: name });
  });
});

it("an error of another installed copy is one of ours; nothing else is", () => {
  class Copy extends Error {}
  Object.defineProperty(Copy.prototype, Symbol.for("keyturn.AuthError"), { value: true });
  expect(isAuthError(new Copy())).toBe(true);
  for (const other of [new Error("no"), null, undefined, "closed", () => {}, { code: "closed" }]) expect(isAuthError(other)).toBe(false);
});

describe("a token request that failed", () => {
  it.each([
    [undefined, 1],
    [408, 0],
    [429, 2],
    [499, 0],
    [500, 1],
    [502, 1],
    [503, 2],
  ])("[51] with status %s is repeated at once %i times", (status, repeats) => {
    expect(new TokenRequestError("what", { status }).repeats).toBe(repeats);
    expect(new TokenRequestError("what", { status, repeats: 5 }).repeats).toBe(5);
  });

  it("says what the server said, and no more", () => {
    expect(new TokenRequestError("what", { status: 429, retryAfter: 1_000 })).toMatchObject({ status: 429, retryAfter: 1_000 });
    expect(Object.keys(new TokenRequestError("what")).sort()).toEqual(["code", "repeats"]);
  });
});
