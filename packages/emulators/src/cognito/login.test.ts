import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import type { AccountState } from "./people.ts";
import { claimsOf, clientId, login, password, refusal, tokensOf, user } from "./requests.fixture.ts";
import { secretHash } from "./secret-hash.ts";

const start = Date.UTC(2026, 0, 1);
const create = (options: CognitoOptions = {}) => createCognitoEmulator({ clock: manualClock(start), ...options });
const wrong = { PASSWORD: "wrong" };

describe("USER_PASSWORD_AUTH", () => {
  it("answers with the five members of the documented example and empty ChallengeParameters", async () => {
    expect(await (await login(create())).json()).toEqual({
      AuthenticationResult: {
        AccessToken: expect.stringMatching(/^eyJraWQiO/),
        ExpiresIn: 3600,
        IdToken: expect.stringMatching(/^eyJraWQiO/),
        RefreshToken: expect.stringMatching(/^eyJjdHki/),
        TokenType: "Bearer",
      },
      ChallengeParameters: {},
    });
  });

  it("issues an access token without aud and an id token for the client", async () => {
    const { AccessToken, IdToken, RefreshToken } = await tokensOf(await login(create()));
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const common = {
      iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example01",
      sub: user.username,
      jti: uuid,
      origin_jti: uuid,
      auth_time: start / 1000,
      iat: start / 1000,
      exp: start / 1000 + 3600,
    };
    expect(claimsOf(AccessToken)).toEqual({
      ...common,
      token_use: "access",
      client_id: clientId,
      scope: "aws.cognito.signin.user.admin",
      username: user.username,
    });
    expect(claimsOf(IdToken)).toEqual({
      ...common,
      token_use: "id",
      aud: clientId,
      "cognito:username": user.username,
      email: user.email,
      email_verified: true,
    });
    expect(RefreshToken.split(".")).toHaveLength(5);
  });

  it("never announces more than it gives", async () => {
    const clock = manualClock(start + 900);
    const emulator = create({ clock, accessTokenLifetime: 4_500 });
    const response = await login(emulator);
    expect(await response.clone().json()).toMatchObject({ AuthenticationResult: { ExpiresIn: 4 } });
    expect(claimsOf((await tokensOf(response)).AccessToken)).toMatchObject({ iat: start / 1000, exp: start / 1000 + 4 });
  });

  it.each([
    ["a wrong password", wrong, clientId, "NotAuthorizedException: Incorrect username or password."],
    ["an unknown user", { USERNAME: "nobody" }, clientId, "UserNotFoundException: User does not exist."],
    ["an unknown client", {}, "9nope", "ResourceNotFoundException: User pool client 9nope does not exist."],
    ["no user name", { USERNAME: "" }, clientId, "InvalidParameterException: Missing required parameter USERNAME"],
    ["no password", { PASSWORD: "" }, clientId, "InvalidParameterException: Missing required parameter PASSWORD"],
  ])("refuses %s", async (_case, parameters, client, expected) => {
    const response = await login(create(), parameters, client);
    expect([response.status, await refusal(response)]).toEqual([400, expected]);
  });

  it("can hide which users exist", async () => {
    const response = await login(create({ preventUserExistenceErrors: "ENABLED" }), { USERNAME: "nobody" });
    expect(await refusal(response)).toBe("NotAuthorizedException: Incorrect username or password.");
  });

  it("must be enabled for the client", async () => {
    const response = await login(create({ clients: [{ clientId, authFlows: ["REFRESH_TOKEN_AUTH"] }] }));
    expect(await refusal(response)).toBe("InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client");
  });

  it.each<[AccountState, string]>([
    ["disabled", "NotAuthorizedException: User is disabled."],
    ["unconfirmed", "UserNotConfirmedException: User is not confirmed."],
    ["reset-required", "PasswordResetRequiredException: Password reset required for the user"],
    ["temporary-password-expired", "NotAuthorizedException: Temporary password has expired and must be reset by an administrator."],
  ])("refuses an account that is %s", async (state, expected) => {
    const emulator = create();
    emulator.control.setState(user.email, state);
    expect(await refusal(await login(emulator))).toBe(expected);
  });

  it("forgets nothing but what reset is for", async () => {
    const emulator = create();
    emulator.control.setPassword(user.email, "Another-Horse-9!");
    expect((await login(emulator)).status).toBe(400);
    expect((await login(emulator, { PASSWORD: "Another-Horse-9!" })).status).toBe(200);
    emulator.control.reset();
    expect((await login(emulator)).status).toBe(200);
  });
});

describe("the lockout", () => {
  const exceeded = "NotAuthorizedException: Password attempts exceeded";

  it("follows the fifth wrong password and doubles with each further one", async () => {
    const clock = manualClock(start);
    const emulator = create({ clock });
    for (let count = 1; count <= 5; count += 1) {
      expect(emulator.control.lockedUntil(user.email)).toBeUndefined();
      await login(emulator, wrong);
      expect(emulator.control.failedLogins(user.email)).toBe(count);
    }
    expect(emulator.control.lockedUntil(user.email)).toBe(start + 1_000);
    clock.advance(1_000);
    expect(await refusal(await login(emulator, wrong))).toBe("NotAuthorizedException: Incorrect username or password.");
    expect(emulator.control.lockedUntil(user.email)).toBe(start + 3_000);
  });

  it("refuses even the right password, and is not prolonged by trying", async () => {
    const clock = manualClock(start);
    const emulator = create({ clock });
    for (let count = 1; count <= 5; count += 1) await login(emulator, wrong);
    clock.advance(999);
    expect(await refusal(await login(emulator))).toBe(exceeded);
    clock.advance(1);
    expect((await login(emulator)).status).toBe(200);
    expect(emulator.control.failedLogins(user.email)).toBe(0);
  });

  it("never exceeds 15 minutes and is forgotten after as long without a try", async () => {
    const clock = manualClock(start);
    const emulator = create({ clock });
    for (let count = 1; count <= 15; count += 1) {
      clock.set(emulator.control.lockedUntil(user.email) ?? clock.now());
      await login(emulator, wrong);
    }
    expect(emulator.control.lockedUntil(user.email)).toBe(clock.now() + 900_000);
    clock.advance(900_000);
    await login(emulator, wrong);
    expect(emulator.control.failedLogins(user.email)).toBe(1);
  });
});

describe("a client with a secret", () => {
  const clientSecret = "example-client-secret";
  const withSecret = () => create({ clients: [{ clientId, clientSecret }] });
  const unverified = `NotAuthorizedException: Unable to verify secret hash for client ${clientId}`;

  it("hashes as published", async () => {
    expect(await secretHash("alice@example.com", "1example23456789", clientSecret)).toBe("i19eT6NMUyqvyS3iPRFnTcYkMU23s7G0qq/WvnEt+kQ=");
  });

  it("must send the hash of the name it logs in with", async () => {
    const emulator = withSecret();
    expect(await refusal(await login(emulator))).toBe(unverified);
    expect(await refusal(await login(emulator, { SECRET_HASH: "made-up" }))).toBe(unverified);
    expect(emulator.control.failedLogins(user.email)).toBe(0);
    expect((await login(emulator, { SECRET_HASH: await secretHash(user.email, clientId, clientSecret) })).status).toBe(200);
    expect((await login(emulator, { PASSWORD: password })).status).toBe(400);
  });
});
