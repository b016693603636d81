import { describe, expect, it } from "vitest";
import { totp } from "../cognito/index.ts";
import { manualClock } from "../kit/index.ts";
import { createAuth0Emulator, defaultAuth0Client, defaultAuth0User, defaultTotpSecret } from "./index.ts";

const tenant = "https://example.eu.auth0.com";
const { clientId: client_id, clientSecret: client_secret } = defaultAuth0Client;
const { username, password } = defaultAuth0User;
const grantType = (factor: string) => `http://auth0.com/oauth/grant-type/mfa-${factor}`;

async function start() {
  const clock = manualClock();
  const { fetch, control } = createAuth0Emulator({ clock, users: [{ ...defaultAuth0User, state: "mfa-required" }] });
  const post = async (path: string, fields: Readonly<Record<string, string>>) => {
    const response = await fetch(tenant + path, { method: "POST", body: new URLSearchParams({ client_id, client_secret, ...fields }) });
    return { status: response.status, body: await response.json() };
  };
  const login = { grant_type: "password", username, password, scope: "offline_access read:data", audience: "https://xpansiv/platform" };
  const { body } = await post("/oauth/token", login);
  const mfa_token: string = body.mfa_token;
  const bring = (factor: string, fields: Readonly<Record<string, string>>) =>
    post("/oauth/token", { grant_type: grantType(factor), mfa_token, ...fields });
  return { clock, control, fetch, post, mfa_token, bring };
}

describe("a second factor", () => {
  it("from an authenticator app completes the login with what it asked for, once", async () => {
    const { bring, clock, control } = await start();
    const otp = await totp(defaultTotpSecret, clock.now());
    expect(await bring("otp", { otp })).toEqual({
      status: 200,
      body: { access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 86_400, token_type: "Bearer" },
    });
    expect(await bring("otp", { otp })).toMatchObject({ status: 403, body: { error: "invalid_grant" } });
    expect(control.count("mfa")).toBe(2);
  });

  it("that is wrong may be tried again", async () => {
    const { bring, clock } = await start();
    expect(await bring("otp", { otp: "000000" })).toEqual({
      status: 403,
      body: { error: "invalid_grant", error_description: "Invalid otp_code." },
    });
    expect((await bring("otp", { otp: await totp(defaultTotpSecret, clock.now()) })).status).toBe(200);
  });

  it("comes too late after ten minutes", async () => {
    const { bring, clock } = await start();
    clock.advance(600_000);
    const otp = await totp(defaultTotpSecret, clock.now());
    expect(await bring("otp", { otp })).toMatchObject({ status: 403, body: { error: "expired_token" } });
  });

  it("may be sent, after a challenge that asks for it", async () => {
    const { post, bring, control, mfa_token } = await start();
    const { body } = await post("/mfa/challenge", { mfa_token, challenge_type: "oob" });
    expect(body).toEqual({ challenge_type: "oob", oob_code: expect.any(String), binding_method: "prompt" });
    const oob_code: string = body.oob_code;
    expect((await bring("oob", { oob_code, binding_code: "000000" })).status).toBe(403);
    expect((await bring("oob", { oob_code, binding_code: control.sentCode(username) ?? "" })).status).toBe(200);
  });

  it("is one of those the user has", async () => {
    const { post, fetch, mfa_token } = await start();
    expect((await post("/mfa/challenge", { mfa_token, challenge_type: "otp oob" })).body).toEqual({ challenge_type: "otp" });
    expect((await post("/mfa/challenge", { mfa_token, challenge_type: "carrier-pigeon" })).body.error).toBe("unsupported_challenge_type");
    const list = await fetch(`${tenant}/mfa/authenticators`, { headers: { authorization: `Bearer ${mfa_token}` } });
    expect((await list.json()).map((one: { authenticator_type: string }) => one.authenticator_type)).toEqual(["otp", "oob"]);
  });
});
