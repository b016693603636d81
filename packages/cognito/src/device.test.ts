import { createAuth } from "@keyturn/core";
import { RefreshRejectedError } from "@keyturn/core/provider";
import { type CognitoUser, createCognitoEmulator, defaultCognitoUser, type CognitoOptions as Emulated } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type CognitoClient, type CognitoDevice, cognito } from "./index.ts";
import { clientId, email, password, region, start, userPoolId } from "./server.fixture.ts";

const srp = { flow: "USER_SRP_AUTH", userPoolId } as const;
const withCodes: { users: readonly CognitoUser[] } = { users: [{ ...defaultCognitoUser, mfa: ["EMAIL_OTP"] }] };

function tracked(emulated: Emulated = {}, options: Partial<CognitoClient> = {}) {
  const devices = new Map<string, CognitoDevice>();
  const asked: string[] = [];
  const server = start(
    { deviceTracking: "always", ...emulated },
    {
      ...srp,
      devices,
      onChallenge: ({ name }) => {
        asked.push(name);
        return { EMAIL_OTP_CODE: server.control.sentCode(email) ?? "" };
      },
      ...options,
    },
  );
  return { ...server, devices, asked };
}

describe("a pool that remembers devices", () => {
  it("is given the verifier of a password that it never sees", async () => {
    const { login, devices, sent, control } = tracked();
    await login();
    const [key] = control.deviceKeys(email);
    const device = devices.get(email);
    expect(device).toEqual({ key, groupKey: expect.any(String), password: expect.stringMatching(/^.{54}==$|^.{55}=$|^.{56}$/) });
    expect(sent.at(-1)?.operation).toBe("ConfirmDevice");
    expect(sent.at(-1)?.body).toEqual({
      AccessToken: expect.any(String),
      DeviceKey: key,
      DeviceSecretVerifierConfig: { Salt: expect.any(String), PasswordVerifier: expect.any(String) },
    });
    expect(JSON.stringify(sent)).not.toContain(device?.password);
  });

  it.each([
    ["off", "InitiateAuth"],
    [{ graceSeconds: 0 }, "GetTokensFromRefreshToken"],
  ] as const)("refreshes for a confirmed device, with rotation %o by %s", async (rotation, operation) => {
    const { login, refresh, sent } = tracked({ rotation });
    expect(await refresh(await login())).toHaveProperty("accessToken");
    expect(sent.at(-1)?.operation).toBe(operation);
    expect(JSON.stringify(sent.at(-1)?.body)).toMatch(/"(DEVICE_KEY|DeviceKey)":"eu-west-1_/);
  });

  it("asks for the device instead of a code the next time", async () => {
    const { login, steps, asked, members, refresh } = tracked(withCodes);
    await login();
    const before = steps().length;
    const tokens = await login();
    expect(asked).toEqual(["EMAIL_OTP"]);
    expect(steps().slice(before)).toEqual(["USER_SRP_AUTH", "PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
    for (const index of [-4, -3, -2, -1]) expect(members(index)).toHaveProperty("DEVICE_KEY");
    expect(await refresh(tokens)).toHaveProperty("accessToken");
  });

  it("asks for both if it is set so", async () => {
    const { login, asked } = tracked({ ...withCodes, deviceReplacesMfa: false });
    await login();
    await login();
    expect(asked).toEqual(["EMAIL_OTP", "EMAIL_OTP"]);
  });

  it.each(["USER_SRP_AUTH", "USER_PASSWORD_AUTH"] as const)("that forgot a device is told of a new one, with %s", async (flow) => {
    const { login, devices, control, asked, steps } = tracked(withCodes, { flow });
    await login();
    const first = devices.get(email);
    control.forgetDevices(email);
    await login();
    expect(asked).toEqual(["EMAIL_OTP", "EMAIL_OTP"]);
    expect(devices.get(email)?.key).not.toBe(first?.key);
    expect(steps().filter((step) => step === flow)).toHaveLength(flow === "USER_SRP_AUTH" ? 2 : 3); // the refused request goes again
  });

  it("that refuses the proof of a device is not taken to refuse the password", async () => {
    const { login, devices } = tracked(withCodes);
    await login();
    const { key = "", groupKey = "" } = devices.get(email) ?? {};
    devices.set(email, { key, groupKey, password: "another" });
    await expect(login()).rejects.toMatchObject({ code: "token-request-failed", repeats: 1 });
    expect(devices.has(email)).toBe(false);
    expect(await login()).toHaveProperty("accessToken");
  });

  it("logs in all the same if a device cannot be confirmed", async () => {
    const { login, devices, control } = tracked();
    control.failNext("device", "network");
    expect(await login()).toHaveProperty("accessToken");
    control.failNext("device", { status: 400, body: { __type: "InvalidParameterException" } });
    expect(await login()).toHaveProperty("accessToken");
    expect(devices.size).toBe(0);
  });

  it.each<readonly [string, Emulated, Partial<CognitoClient>]>([
    ["came with the password in the open", {}, { flow: "USER_PASSWORD_AUTH" }],
    ["came from a device nobody keeps", {}, { devices: undefined }],
    ["do not name their device", { deviceKeyClaim: false }, {}],
  ])("refreshes no tokens that %s, so that the session logs in again", async (_what, emulated, options) => {
    const { login, refresh } = tracked(emulated, options);
    await expect(refresh(await login())).rejects.toThrow(RefreshRejectedError);
    const { fetch, control } = createCognitoEmulator({ deviceTracking: "always", ...emulated });
    const auth = createAuth(cognito({ region, clientId, ...srp, ...options }), {
      ...{ credentials: { username: email, password }, origins: ["https://api.example.com"], fetch },
    });
    const get = async () => (await auth.fetch("https://api.example.com/protected")).status;
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect([control.count("login"), control.count("refresh", 400) > 0]).toEqual([2, true]);
    await auth.close();
  });

  it("keeps devices apart by user, and in whatever can get, set and delete", async () => {
    const kept = new Map<string, CognitoDevice>();
    const devices = {
      get: async (name: string) => kept.get(name),
      set: async (name: string, device: CognitoDevice) => void kept.set(name, device),
      delete: async (name: string) => void kept.delete(name),
    };
    const bob = { ...defaultCognitoUser, username: "bob", email: "bob@example.com" };
    const { login } = tracked({ users: [defaultCognitoUser, bob] }, { devices });
    await login();
    await login({ username: bob.email, password });
    expect([...kept.keys()]).toEqual([email, bob.email]);
  });
});
