import { describe, expect, it } from "vitest";
import { login, refresh, refusal, tokensOf } from "../cognito/requests.fixture.ts";
import { manualClock } from "../kit/index.ts";
import type { XfaOptions } from "./emulator.ts";
import { createXfaEmulator, defaultXfaUser } from "./emulator.ts";

const create = (options: XfaOptions = {}) => createXfaEmulator({ clock: manualClock(), ...options });
const credentials = { USERNAME: defaultXfaUser.email, PASSWORD: defaultXfaUser.password };
const client = "5svu9bb7s7gvmq404ilp0mrul2";

describe("XFA", () => {
  it("logs a service account in as its page shows", async () => {
    const response = await create().fetch("https://cognito-idp.eu-west-1.amazonaws.com/", {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      },
      body: `{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "5svu9bb7s7gvmq404ilp0mrul2",
        "AuthParameters": {"USERNAME": "service@example.com", "PASSWORD": "Correct-Horse-9!"}}`,
    });
    expect(await response.json()).toEqual({
      AuthenticationResult: {
        AccessToken: expect.stringMatching(/^eyJraW/),
        ExpiresIn: 3600,
        IdToken: expect.stringMatching(/^eyJraWQiO/),
        RefreshToken: expect.stringMatching(/^eyJjdHki/),
        TokenType: "Bearer",
      },
      ChallengeParameters: {},
    });
  });

  it("serves Cognito and its API from one server", async () => {
    const server = await create({ clock: { now: () => Date.now() } }).listen();
    const onServer = { fetch: (_input: unknown, init?: RequestInit) => fetch(server.url, init) };
    const { AccessToken } = await tokensOf(await login(onServer, credentials, client));
    const response = await fetch(`${server.url}/protected`, { headers: { authorization: `Bearer ${AccessToken}` } });
    expect(await response.json()).toEqual({ identity: defaultXfaUser.username });
    await server.close();
  });

  it("knows no other client than its own", async () => {
    expect(await refusal(await login(create(), credentials))).toMatch(/^ResourceNotFoundException: /);
  });

  it("takes the refresh of its own client's tokens", async () => {
    const emulator = create();
    const { RefreshToken } = await tokensOf(await login(emulator, credentials, client));
    expect(await refusal(await refresh(emulator, RefreshToken))).toMatch(/^ResourceNotFoundException: /);
    const response = await refresh(emulator, RefreshToken, {}, client);
    expect(response.status).toBe(200);
  });

  it("can ask a new service account for a new password first", async () => {
    const emulator = create({ users: [{ ...defaultXfaUser, state: "force-change-password" }] });
    expect(await (await login(emulator, credentials, client)).json()).toMatchObject({ ChallengeName: "NEW_PASSWORD_REQUIRED" });
  });
});
