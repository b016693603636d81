import { describe, expect, it } from "vitest";
import { type AuthProvider, createAuth, staticToken } from "../index.ts";
import { ada, createIssuer, manualClock, open, origin } from "../test-kit.ts";

const { provider } = createIssuer();

describe("credentials", () => {
  it.each([
    [{ ...ada, username: "" }, "username"],
    [{ ...ada, password: 7 }, "password"],
    [null, "username"],
  ])("like %j are a TypeError that names what is missing", async (wrong, member) => {
    const message = new TypeError(`issuer: credentials.${member} must be a non-empty string`);
    const credentials = wrong as typeof ada; // what JavaScript lets through
    expect(() => createAuth(provider, { credentials })).toThrow(message);
    await expect(open(createIssuer()).auth.login(credentials)).rejects.toThrow(message);
  });

  it.each([
    { username: "ada", password: undefined },
    { username: undefined, password: "correct horse" },
  ])("like %j, read from an environment that lacks one, are a TypeError that names it and asks for the variable", async (credentials) => {
    const member = credentials.username ? "password" : "username";
    const hint = "but is missing (is its environment variable set?)";
    const message = new TypeError(`issuer: credentials.${member} must be a non-empty string, ${hint}`);
    expect(() => createAuth(provider, { credentials })).toThrow(message);
    const issuer = createIssuer();
    await expect(open(issuer).auth.login(credentials)).rejects.toThrow(message);
    const { auth } = open(issuer, { credentials: () => credentials });
    await expect(auth.getToken()).rejects.toMatchObject({ code: "misconfigured", cause: message });
    expect(issuer.requests).toEqual([]);
  });

  it("are missing where neither the session nor the login has any", async () => {
    const message = new TypeError("issuer: credentials.username must be a non-empty string");
    await expect(open(createIssuer()).auth.login()).rejects.toThrow(message);
  });

  it("are whatever a provider takes that lists no members", async () => {
    const own: AuthProvider<{ readonly key: string }> = {
      name: "own",
      origins: [origin],
      login: async ({ key }, { now }) => ({ accessToken: key, receivedAt: now() }),
    };
    const auth = createAuth(own, { credentials: { key: "from-the-key" }, clock: manualClock() });
    expect(await auth.getToken()).toMatchObject({ accessToken: "from-the-key" });
  });

  it("are none for a provider that needs none: it logs in all the same", async () => {
    const auth = createAuth(staticToken("token"), { origins: [origin] });
    await auth.login();
    expect(await auth.getToken()).toMatchObject({ accessToken: "token" });
  });

  it("that a function gives and the provider calls impossible reject calls with an AuthError", async () => {
    const mistake = new TypeError("own: no colon in a user name");
    const picky: AuthProvider<typeof ada> = {
      ...provider,
      identity() {
        throw mistake;
      },
    };
    const auth = createAuth(picky, { credentials: () => ada, clock: manualClock() });
    await expect(auth.getToken()).rejects.toMatchObject({
      code: "misconfigured",
      message: "issuer: the credentials function gave none that can be used",
      cause: mistake,
    });
  });
});
