import { createAuth } from "@keyturn/core";
import { createXfaEmulator, defaultXfaUser } from "@keyturn/emulators";
import { xfa } from "@keyturn/xfa";
import { afterEach, expect, it, vi } from "vitest";

const { any, timeout } = AbortSignal;
afterEach(() => {
  Object.assign(AbortSignal, { any, timeout });
});

it("a session logs in, renews and logs out where AbortSignal has neither any() nor timeout()", async () => {
  Object.assign(AbortSignal, { any: undefined, timeout: undefined });
  const server = createXfaEmulator();
  const credentials = { username: defaultXfaUser.email, password: defaultXfaUser.password };
  const auth = createAuth(xfa({ baseUrl: "https://api.example.com" }), { credentials, fetch: server.fetch });
  const statusOf = async () => (await auth.fetch("https://api.example.com/protected", { signal: new AbortController().signal })).status;
  expect(await statusOf()).toBe(200);
  server.control.expireAccess();
  expect(await statusOf()).toBe(200);
  await auth.logout();
  await vi.waitFor(() => expect(["login", "refresh", "revoke"].map((grant) => server.control.count(grant as "login"))).toEqual([1, 1, 1]));
});
