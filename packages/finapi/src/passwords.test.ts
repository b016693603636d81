import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { createAuth } from "@keyturn/core";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser, type FinapiOptions } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { changePassword, decryptData, finapiClient, finapiUser, requestPasswordChange, revokeToken } from "./index.ts";

const sandbox = { environment: "sandbox" } as const;
const { clientId, clientSecret, dataDecryptionKey } = defaultFinapiClient;
const client = { clientId, clientSecret, ...sandbox };
const { id: userId, password } = defaultFinapiUser;
const renewed = "New-Horse-10!";
const api = "https://sandbox.finapi.io/protected";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function start(emulated: FinapiOptions = {}) {
  const { fetch, control } = createFinapiEmulator({ users: [{ ...defaultFinapiUser, email: "ann@example.com" }], ...emulated });
  const logIn = (secret = password) => createAuth(finapiUser(client), { credentials: { username: userId, password: secret }, fetch });
  return { control, logIn, auth: createAuth(finapiClient(client), { fetch }), user: logIn() };
}

const encryptions = ["iv-first base64", "iv-first hex", "zero-iv base64", "zero-iv hex"] as const;

describe("a new password", () => {
  it.each(encryptions)("is set by the client, whose token comes encrypted (%s)", async (encryption) => {
    const { auth, user, logIn } = start({ encryption });
    await user.getToken();
    await changePassword(auth, { userId: userId.toUpperCase(), password: renewed, dataDecryptionKey }, sandbox);
    expect((await logIn(renewed).fetch(api)).status).toBe(200);
    expect(await failureOf(logIn().fetch(api))).toMatchObject({ code: "credentials-rejected" });
  });

  it("ends all tokens of the user, whose session goes on after a login with it", async () => {
    const { auth, user } = start();
    await user.fetch(api);
    await changePassword(auth, { userId, password: renewed, dataDecryptionKey }, sandbox);
    expect(await failureOf(user.fetch(api))).toMatchObject({ code: "credentials-rejected" });
    await user.login({ username: userId, password: renewed });
    expect((await user.fetch(api)).status).toBe(200);
  });

  it("[82] unlocks a user whom wrong passwords have locked", async () => {
    const { auth, control, logIn } = start();
    control.lock(userId);
    expect(await failureOf(logIn().fetch(api))).toMatchObject({
      code: "credentials-rejected",
      message: expect.stringContaining("423 (LOCKED)"),
    });
    await changePassword(auth, { userId, password: renewed, dataDecryptionKey }, sandbox);
    expect((await logIn(renewed).fetch(api)).status).toBe(200);
  });

  it("begins with the token and the user's address, to send it to", async () => {
    const { auth } = start();
    const { passwordChangeToken, email } = await requestPasswordChange(auth, { userId, dataDecryptionKey }, sandbox);
    expect([passwordChangeToken, email]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), "ann@example.com"]);
  });

  it("asks for the environment variable of a decryption key that is missing, before anything is sent", async () => {
    const fetch = () => Promise.reject(new Error("nothing is sent"));
    const change = { userId, password: renewed, dataDecryptionKey: undefined };
    await expect(changePassword({ fetch }, change, sandbox)).rejects.toThrow(
      new TypeError(
        "requestPasswordChange(): the data decryption key must be hex digits, but is missing (is its environment variable set?)",
      ),
    );
  });

  it("[71] shows neither password nor token in what goes wrong", async () => {
    const { auth, control } = start();
    control.failNext("execute-password-change", { status: 400, body: { errors: [{ code: "INVALID_TOKEN", message: renewed }] } });
    const error = await failureOf(changePassword(auth, { userId, password: renewed, dataDecryptionKey }, sandbox));
    expect(error).toMatchObject({ code: "INVALID_TOKEN", message: "finapi: executePasswordChange failed with status 400 (INVALID_TOKEN)" });
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(renewed);
  });
});

describe("decryptData", () => {
  /** As Node's own crypto does it. */
  function encrypted(text: string, iv: Buffer, written: "hex" | "base64"): string {
    const key = pbkdf2Sync(dataDecryptionKey, Buffer.from(dataDecryptionKey, "hex"), 1_000, 16, "sha1");
    const cipher = createCipheriv("aes-128-cbc", key, iv);
    const prefix = iv.equals(Buffer.alloc(16)) ? Buffer.alloc(0) : iv;
    return Buffer.concat([prefix, cipher.update(text, "utf8"), cipher.final()]).toString(written);
  }

  it.each(["a", "ann@example.com", "fifteen letters…", '{"details":"Käufer Österreich, übermütig"}', "x".repeat(16), "é".repeat(40)])(
    "reads %j, however it was written",
    async (text) => {
      for (const iv of [Buffer.alloc(16), Buffer.from("f0e1d2c3b4a5968778695a4b3c2d1e0f", "hex")]) {
        for (const written of ["hex", "base64"] as const) {
          expect(await decryptData(encrypted(text, iv, written), dataDecryptionKey)).toBe(text);
        }
      }
    },
  );

  it.each([
    ["no hex digits for a key", "00", "not a key"],
    ["neither hex nor base64", "%%%", dataDecryptionKey],
    ["another key's text", encrypted("ann", Buffer.alloc(16), "hex"), "ff".repeat(16)],
    ["half a block", "00112233", dataDecryptionKey],
  ])("says what is wrong with %s, and shows neither", async (_what, text, key) => {
    const error = await failureOf(decryptData(text, key));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/^TypeError: decryptData\(\): /);
    expect(String(error)).not.toContain(key);
  });
});

describe("revokeToken", () => {
  it.each([
    ["access_token", { hint: "access_token" }, false, true],
    ["refresh_token", { hint: "refresh_token" }, true, false],
    ["none", {}, true, false],
  ] as const)("with the hint %s ends what finAPI says it ends", async (_hint, options, byRefresh, refreshes) => {
    const { auth, user, control } = start();
    await user.fetch(api);
    const { accessToken, refreshToken = "" } = await user.getToken();
    await revokeToken(auth, byRefresh ? refreshToken : accessToken, { ...sandbox, ...options });
    expect((await user.fetch(api)).status).toBe(200); // one renewal later
    expect([control.count("api", 401), control.count("refresh", 200)]).toEqual([1, refreshes ? 1 : 0]);
  });

  it("takes an unknown token for one that has ended, and goes by the query where finAPI reads nothing else", async () => {
    for (const revokeParameters of ["query-or-body", "query"] as const) {
      const { auth, control } = start({ revokeParameters });
      await revokeToken(auth, "made-up", sandbox);
      expect(control.count("revoke", 200)).toBe(1);
    }
  });

  it("is not for users", async () => {
    const { user } = start();
    expect(await failureOf(revokeToken(user, "made-up", sandbox))).toMatchObject({ code: "misconfigured" });
  });
});

describe("the Web Form", () => {
  const forms = "https://webform-sandbox.finapi.io/api/webForms/bankConnectionImport";

  it("takes a user's token, which goes to its host as well", async () => {
    const { user, control } = start();
    const response = await user.fetch(forms, { method: "POST" });
    expect([response.status, (await response.json()).status]).toEqual([201, "NOT_YET_OPENED"]);
    expect(control.count("web-form", 201)).toBe(1);
  });

  it("gets no token of the client's session, nor one that is for another environment", async () => {
    const { auth, user, control } = start();
    expect((await auth.fetch(forms, { method: "POST" })).status).toBe(401);
    expect((await user.fetch(forms.replace("sandbox", "live"), { method: "POST" })).status).toBe(401);
    expect(control.calls.every(({ tokenUsed }) => tokenUsed === undefined)).toBe(true);
  });

  it("may be elsewhere", async () => {
    const { fetch } = createFinapiEmulator();
    const provider = finapiUser({ clientId, clientSecret, baseUrl: "http://127.0.0.1:4000", webFormUrl: "http://127.0.0.1:4001" });
    expect(provider.origins).toEqual(["http://127.0.0.1:4000", "http://127.0.0.1:4001"]);
    const user = createAuth(provider, { credentials: { username: userId, password }, fetch });
    expect((await user.fetch("http://127.0.0.1:4001/api/webForms/bankConnectionImport", { method: "POST" })).status).toBe(201);
  });
});
