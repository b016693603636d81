import { AuthError, type AuthErrorCode, type AuthProvider, TokenRequestError } from "@keyturn/core";
import { afterEach, expect, it, vi } from "vitest";
import { xfaVariant } from "../../../../packages/xfa/src/variants.fixture.ts";
import { elapse } from "../matrix/scenario.fixture.ts";
import { vendorOf } from "../vendor.fixture.ts";
import { witness } from "./witness.fixture.ts";

type Provider = ReturnType<ReturnType<typeof xfaVariant>["provider"]>;
type Login = Provider["login"];

afterEach(() => {
  vi.restoreAllMocks();
});

const failingWith =
  (error: (password: string) => Error): ((login: Login) => Login) =>
  () =>
  async ({ password }) => {
    throw error(password);
  };

/** Providers as they must not be. */
const leaks: readonly (readonly [what: string, where: string, plant: (login: Login) => Login])[] = [
  ["a message", "an error", failingWith((password) => new AuthError("misconfigured", `xfa: login as ${password} failed`))],
  ["a cause", "an error", failingWith((password) => new TokenRequestError("xfa: no answer", { cause: new Error(password) }))],
  ["a member of an error", "an error", failingWith((password) => Object.assign(new Error("xfa"), { request: { password } }))],
  // A code that is none of ours.
  ["a code", "an event", failingWith((password) => new AuthError(password as AuthErrorCode, "xfa: login failed"))],
  [
    "the console",
    "the console",
    (login) => async (credentials, context) => {
      const tokens = await login(credentials, context);
      // biome-ignore lint/suspicious/noConsole: this is the leak.
      console.debug("xfa: logged in", tokens);
      return tokens;
    },
  ],
  [
    "a URL",
    "a URL",
    (login) => async (credentials, context) => {
      await context.fetch(`https://api.xfa.example.com/login?${new URLSearchParams({ ...credentials })}`);
      return login(credentials, context);
    },
  ],
];

it.each(leaks)("a provider that shows a secret in %s is caught", async (_what, where, plant) => {
  const variant = xfaVariant("leaking");
  const provider = (): AuthProvider<{ readonly username: string; readonly password: string }> => {
    const sound = variant.provider();
    return { ...sound, login: plant(sound.login) };
  };
  const vendor = vendorOf("leaking", { ...variant, provider });
  const seen = witness();
  const running = seen.listen(vendor.start());
  await elapse(running, seen.attempt(running, running.call));
  expect(await seen.leaks(vendor, running)).toContainEqual(expect.stringMatching(`^${where}: `));
});

it("a sound provider is not", async () => {
  const vendor = vendorOf("sound", xfaVariant("sound"));
  const seen = witness();
  const running = seen.listen(vendor.start());
  await seen.attempt(running, running.call);
  expect(await seen.leaks(vendor, running)).toEqual([]);
});
