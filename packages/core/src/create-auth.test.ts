import { describe, expect, it } from "vitest";
import { type AuthOptions, createAuth, memoryStore, staticToken } from "./index.ts";
import { manualClock, origin } from "./test-kit.ts";

const provider = staticToken("token");
const origins = [origin];
const create = (options: unknown) => () => createAuth(provider, options as AuthOptions<void>); // some are wrong on purpose

describe("the options of createAuth", () => {
  it.each([
    { origins },
    { origins: [`${origin}/v1`, "http://localhost:3000"] },
    { origins, store: memoryStore(), clock: manualClock(), fetch, authorizationHeader: "keep" },
    { origins, retry: "all" },
    { origins, retry: "safe", authorizationHeader: "replace" },
    { origins, retry: "none" },
    { origins, retry: () => true },
    { origins: ["http://api.example.com"], allowInsecureOrigins: true },
  ])("are right: %o", (options) => {
    expect(create(options)).not.toThrow();
  });

  it.each([
    [{ origins: origin }, 'option "origins" must be a list of URLs'],
    [{}, 'option "origins" is missing: which API are the tokens for?'],
    [{ origins: [] }, 'option "origins" is missing: which API are the tokens for?'],
    [{ origins: ["/api"] }, 'option "origins" must list absolute URLs, no wildcard or password'],
    [{ origins: ["/api"], allowInsecureOrigins: true }, 'option "origins" must list absolute URLs, no wildcard or password'],
    [{ origins: ["data:,x"], allowInsecureOrigins: true }, 'option "origins" must list absolute URLs, no wildcard or password'],
    [
      { origins: ["http://api.example.com/v1"] },
      'option "origins" holds http://api.example.com/: not https, and allowInsecureOrigins is not true',
    ],
    [{ origins, store: {} }, 'option "store" must be a store'],
    [{ origins, clock: {} }, 'option "clock" must be a clock'],
    [{ origins, retry: "sometimes" }, 'option "retry" must be "all" or "safe" or "none"'],
  ])("are a TypeError that says what is wrong: %o", (options, message) => {
    expect(create(options)).toThrow(new TypeError(`createAuth(): ${message}`));
  });
});
