import { createAuth } from "@keyturn/core";
import { recordedFetch } from "@keyturn/core/testing";
import { createXSignalsEmulator, defaultXSignalsUser, type XSignalsOptions as Emulated } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { changePassword, XSignalsError, xsignals, xsignalsBasic } from "./index.ts";

const { username, password } = defaultXSignalsUser;
const renewed = { username, password: "New-Horse-10!" };
const api = "https://api.xsignals.xpansiv.com/protected";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function start(provider = xsignals(), emulated: Emulated = {}) {
  const server = createXSignalsEmulator(emulated);
  const auth = createAuth(provider, { credentials: { username, password }, fetch: server.fetch });
  return { auth, control: server.control, fetch: server.fetch };
}

describe.each([
  ["that keeps tokens", { passwordChangeEndsTokens: false }],
  ["that ends tokens", { passwordChangeEndsTokens: true }],
  ["that ends tokens, and says nothing", { passwordChangeEndsTokens: true, doneBody: "empty" }],
] as const)("a new password at a server %s", (_what, emulated) => {
  it.each([
    ["tokens", xsignals()],
    ["Basic", xsignalsBasic()],
  ])("is set, and a session with %s goes on with it", async (_kind, provider) => {
    const { auth, control } = start(provider, emulated);
    await auth.fetch(api);
    await changePassword(auth, renewed);
    expect((await auth.fetch(api)).status).toBe(200);
    expect([control.count("api", 401), control.count("login", 401)]).toEqual([0, 0]);
  });

  it("takes the place of the stored one: the session logs in again with it", async () => {
    const { auth, control } = start(xsignals(), emulated);
    await changePassword(auth, renewed);
    await auth.fetch(api);
    control.expireAccess();
    control.revokeRefresh();
    expect((await auth.fetch(api)).status).toBe(200);
    expect([control.count("login"), control.count("login", 401), control.failedLogins(username)]).toEqual([3, 0, 0]);
  });

  it("comes from a credentials function that knows it by then", async () => {
    const { fetch, control } = start(xsignals(), emulated);
    let current = { username, password };
    const auth = createAuth(xsignals(), { credentials: () => current, fetch });
    await changePassword(auth, renewed);
    current = renewed;
    await auth.fetch(api);
    control.expireAccess();
    control.revokeRefresh();
    expect((await auth.fetch(api)).status).toBe(200);
    expect(control.count("login", 401)).toBe(0);
  });
});

describe("changePassword", () => {
  it("sends the password once, as JSON, with the session's token and nothing else", async () => {
    const { control, fetch: answer } = start();
    const { fetch, sent } = recordedFetch(answer);
    const auth = createAuth(xsignals(), { credentials: { username, password }, fetch });
    await changePassword(auth, renewed);
    const [request] = sent.filter(({ url }) => url.endsWith("/auth/changePassword"));
    expect(request?.headers.get("authorization")).toMatch(/^Bearer \S+$/);
    expect([request?.method, request?.headers.get("content-type")]).toEqual(["POST", "application/json"]);
    expect(await request?.text()).toBe('{"password":"New-Horse-10!"}');
    expect(control.count("change-password")).toBe(1);
  });

  it("that is refused leaves the old password and the session as they were, and its error shows neither password", async () => {
    const { auth, control } = start();
    control.failNext("change-password", { status: 400, body: { message: renewed.password } });
    const error = await failureOf(changePassword(auth, renewed));
    expect(error).toBeInstanceOf(XSignalsError);
    expect(error).toMatchObject({ status: 400, message: "xsignals: changePassword failed with status 400" });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/Horse/);
    expect((await auth.fetch(api)).status).toBe(200);
    expect(control.count("login")).toBe(1);
  });

  it("goes where the API is", async () => {
    const baseUrl = "https://api.data.xpansiv.com";
    const { auth, control } = start(xsignals({ baseUrl }));
    await changePassword(auth, renewed, { baseUrl });
    expect((await auth.fetch(`${baseUrl}/protected`)).status).toBe(200);
    expect(control.count("change-password", 200)).toBe(1);
  });

  it("ends when its signal does", async () => {
    const { auth, control } = start();
    await expect(changePassword(auth, renewed, { signal: AbortSignal.abort() })).rejects.toHaveProperty("name", "AbortError");
    expect(control.count("change-password")).toBe(0);
  });

  it.each([
    ["password", { username, password: "" }, {}],
    ["baseUrl", renewed, { baseUrl: "http://api.xsignals.example.com" }],
  ])("with a wrong %s is a TypeError before anything is sent", async (name, credentials, options) => {
    const { auth, control } = start();
    await expect(changePassword(auth, credentials, options)).rejects.toThrow(new RegExp(`option "${name}"`));
    expect(control.calls).toEqual([]);
  });
});
