import { confirmForgotPassword, forgotPassword } from "@keyturn/cognito";
import { createAuth } from "@keyturn/core";
import { ChallengeRequiredError, RefreshRejectedError } from "@keyturn/core/provider";
import { grantContext } from "@keyturn/core/testing";
import { createXfaEmulator, defaultXfaUser, type XfaOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type XfaOptions, xfa } from "./index.ts";

const baseUrl = "https://api.xfa.example.com";
const { email, password } = defaultXfaUser;
const credentials = { username: email, password };

function start(emulated: Emulated = {}, options: Partial<XfaOptions> = {}) {
  const clock = manualClock();
  const { fetch, control } = createXfaEmulator({ clock, ...emulated });
  const provider = xfa({ baseUrl, ...options });
  return { control, provider, fetch, context: grantContext({ fetch, now: () => clock.now() }) };
}

describe("xfa()", () => {
  it("logs in at the user pool and the app client that XFA documents", async () => {
    const { provider, context } = start();
    const urls: unknown[] = [];
    const tokens = await provider.login(credentials, {
      ...context,
      fetch(input, init) {
        urls.push(input);
        return context.fetch(input, init);
      },
    });
    expect(urls).toEqual(["https://cognito-idp.eu-west-1.amazonaws.com/"]);
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresAt: context.now() + 3_600_000 });
  });

  it("keeps its tokens to the origin of the API", () => {
    expect(xfa({ baseUrl: "https://api.xfa.example.com/v1/" }).origins).toEqual(["https://api.xfa.example.com"]);
  });

  it("says what stops a new service account", async () => {
    const { provider, context } = start({ users: [{ ...defaultXfaUser, state: "force-change-password" }] });
    const error = await provider.login(credentials, context).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^xfa: login failed .*NEW_PASSWORD_REQUIRED.*temporary password/) });
  });

  it("sets the first password where it is told how", async () => {
    const onChallenge = () => ({ NEW_PASSWORD: "Better-Horse-9!" });
    const { provider, context } = start({ users: [{ ...defaultXfaUser, state: "force-change-password" }] }, { onChallenge });
    expect(await provider.login(credentials, context)).toHaveProperty("accessToken");
  });

  it("lets a forgotten password be replaced by the functions of @keyturn/cognito", async () => {
    const { provider, context, control, fetch } = start();
    expect(await forgotPassword(provider, { username: email }, { fetch })).toMatchObject({ medium: "EMAIL" });
    const code = control.sentCode(email) ?? "";
    await confirmForgotPassword(provider, { username: email, code, password: "Better-Horse-9!" }, { fetch });
    expect(await provider.login({ username: email, password: "Better-Horse-9!" }, context)).toHaveProperty("accessToken");
  });

  it("leaves it to a new login where device tracking forbids to refresh", async () => {
    const { provider, context } = start({ deviceTracking: "always" });
    const tokens = await provider.login(credentials, context);
    await expect(provider.refresh?.(tokens, context)).rejects.toThrow(RefreshRejectedError);
  });
});

describe.each<readonly [string, Emulated, Partial<XfaOptions>]>([
  ["as its page shows", {}, {}],
  ["that rotates refresh tokens", { rotation: { graceSeconds: 0 } }, {}],
  ["that tracks devices", { deviceTracking: "always" }, {}],
  ["with a challenge in its 401", { resource: { wwwAuthenticate: true } }, {}],
  ["that takes bare access tokens", { resource: { scheme: "bare" } }, { scheme: "bare" }],
  ["that takes ID tokens", { resource: { token: "id" } }, { use: "id" }],
])("a session at an XFA %s", (_what, emulated, options) => {
  it("logs in, renews after a 401, and logs out", async () => {
    const { provider, fetch, control } = start(emulated, options);
    const auth = createAuth(provider, { credentials, fetch });
    const get = async () => (await auth.fetch(`${baseUrl}/protected`)).status;
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect([control.count("api"), control.count("api", 401)]).toEqual([3, 1]);
    await auth.logout();
    expect(control.count("revoke", 200)).toBe(1);
    await auth.close();
  });
});
