import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { changePassword, cognito, confirmForgotPassword, forgotPassword, globalSignOut, rememberDevice } from "@keyturn/cognito";
import { createAuth } from "@keyturn/core";
import { type CognitoOptions, defaultCognitoUser, totp } from "@keyturn/emulators";
import { afterEach, describe, expect, it } from "vitest";
import {
  clientId,
  email,
  newYear,
  password,
  recording,
  region,
  type Sent,
  type Server,
  sdkAt,
  startServer,
  username,
  userPoolId,
} from "./amazon.fixture.ts";

let server: Server;
const serve = async (options?: CognitoOptions): Promise<sdk.CognitoIdentityProviderClient> => {
  server = await startServer(options);
  return sdkAt(server);
};
afterEach(() => server?.close());

const login = { AuthFlow: "USER_PASSWORD_AUTH", ClientId: clientId, AuthParameters: { USERNAME: email, PASSWORD: password } } as const;

describe("@aws-sdk/client-cognito-identity-provider at the emulator", () => {
  it("logs in, refreshes both ways, and revokes", async () => {
    const client = await serve({ rotation: { graceSeconds: 0 } });
    const { AuthenticationResult } = await client.send(new sdk.InitiateAuthCommand(login));
    expect(AuthenticationResult).toMatchObject({ ExpiresIn: 3600, TokenType: "Bearer" });
    const RefreshToken = AuthenticationResult?.RefreshToken;
    const spent = { ClientId: clientId, RefreshToken };
    const renewed = await client.send(new sdk.GetTokensFromRefreshTokenCommand(spent));
    expect(renewed.AuthenticationResult?.RefreshToken).not.toBe(RefreshToken);
    await expect(client.send(new sdk.GetTokensFromRefreshTokenCommand(spent))).rejects.toThrow(sdk.RefreshTokenReuseException);
    const refresh = { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: clientId, AuthParameters: { REFRESH_TOKEN: RefreshToken ?? "" } } as const;
    await expect(client.send(new sdk.InitiateAuthCommand(refresh))).rejects.toThrow(sdk.NotAuthorizedException);
    await client.send(new sdk.RevokeTokenCommand({ ClientId: clientId, Token: renewed.AuthenticationResult?.RefreshToken }));
    expect(server.control.count("revoke", 200)).toBe(1);
  });

  it.each<readonly [string, CognitoOptions]>([
    ["in body and header", {}],
    ["in headers alone", { errorTypeIn: "header" }],
    ["in bodies alone", { errorTypeIn: "body" }],
    ["with the statuses of its own model", { modelStatuses: true }],
  ])("has its errors by class, told %s", async (_how, options) => {
    const client = await serve(options);
    const wrong = { ...login, AuthParameters: { ...login.AuthParameters, PASSWORD: "Wrong-Horse-9!" } };
    await expect(client.send(new sdk.InitiateAuthCommand(wrong))).rejects.toThrow(sdk.NotAuthorizedException);
    await expect(client.send(new sdk.InitiateAuthCommand({ ...login, ClientId: "9nope" }))).rejects.toThrow(sdk.ResourceNotFoundException);
  });

  it("sets up an authenticator app amid a login", async () => {
    const client = await serve({ users: [{ ...defaultCognitoUser, mfaSetup: ["SOFTWARE_TOKEN_MFA"] }] });
    const asked = await client.send(new sdk.InitiateAuthCommand(login));
    expect(asked.ChallengeName).toBe("MFA_SETUP");
    const { SecretCode = "", Session } = await client.send(new sdk.AssociateSoftwareTokenCommand({ Session: asked.Session }));
    const verified = await client.send(new sdk.VerifySoftwareTokenCommand({ Session, UserCode: await totp(SecretCode, newYear) }));
    expect(verified.Status).toBe("SUCCESS");
    const answer = {
      ChallengeName: "MFA_SETUP",
      ClientId: clientId,
      Session: verified.Session,
      ChallengeResponses: { USERNAME: username },
    } as const;
    expect((await client.send(new sdk.RespondToAuthChallengeCommand(answer))).AuthenticationResult).toBeDefined();
  });

  it("lets a user choose how to log in", async () => {
    const client = await serve({ users: [{ ...defaultCognitoUser, firstFactors: ["PASSWORD", "EMAIL_OTP"] }] });
    const asked = await client.send(new sdk.InitiateAuthCommand({ ...login, AuthFlow: "USER_AUTH", AuthParameters: { USERNAME: email } }));
    expect([asked.ChallengeName, asked.AvailableChallenges]).toEqual(["SELECT_CHALLENGE", ["PASSWORD", "EMAIL_OTP"]]);
    const ChallengeResponses = { USERNAME: email, ANSWER: "PASSWORD", PASSWORD: password };
    const answer = { ChallengeName: "SELECT_CHALLENGE", ClientId: clientId, Session: asked.Session, ChallengeResponses } as const;
    expect((await client.send(new sdk.RespondToAuthChallengeCommand(answer))).AuthenticationResult).toBeDefined();
  });
});

describe("what we send", () => {
  /** What the SDK makes of a body: only what AWS's service model knows is left of it. */
  async function throughSdk({ operation, body }: Sent): Promise<Sent> {
    const name = `${operation.split(".")[1]}Command`;
    const Command = (sdk as unknown as Record<string, new (input: object) => sdk.InitiateAuthCommand>)[name]; // found by name, all of one kind
    if (!Command) throw new Error(`the SDK has no ${name}`);
    const seen: Sent[] = [];
    const client = new sdk.CognitoIdentityProviderClient({
      region,
      requestHandler: {
        async handle({ headers, body: sent }: { headers: Record<string, string>; body: Uint8Array }) {
          seen.push({ operation: headers["x-amz-target"] ?? "", body: JSON.parse(new TextDecoder().decode(sent)) });
          throw new Error("seen");
        },
      },
      maxAttempts: 1,
    });
    await client.send(new Command(body)).catch(() => {});
    const [first] = seen;
    if (!first) throw new Error(`the SDK did not send ${name}`);
    return first;
  }

  it("is what AWS's service model knows, for every operation there is", async () => {
    server = await startServer({
      deviceTracking: "opt-in",
      rotation: { graceSeconds: 0 },
      clients: [{ clientId, clientSecret: "Made-Up-Client-Secret-1" }],
      users: [{ ...defaultCognitoUser, state: "force-change-password", mfaSetup: ["SOFTWARE_TOKEN_MFA"] }],
    });
    const { fetch, sent } = recording();
    const devices = new Map();
    const provider = cognito({
      ...{
        region,
        clientId,
        userPoolId,
        devices,
        endpoint: `${server.url}/`,
        flow: "USER_SRP_AUTH",
        clientSecret: "Made-Up-Client-Secret-1",
      },
      async onChallenge(challenge) {
        if (challenge.name === "NEW_PASSWORD_REQUIRED") return { NEW_PASSWORD: "Better-Horse-9!" };
        const secret = challenge.name === "MFA_SETUP" ? challenge.secretCode : undefined;
        return secret ? { UserCode: await totp(secret, newYear), FriendlyDeviceName: "Phone" } : undefined;
      },
    });
    const auth = createAuth(provider, { origins: [server.url], fetch });
    await auth.login({ username: email, password });
    await rememberDevice(provider, auth, { key: devices.get(email).key }, { fetch });
    await auth.login({ username: email, password: "Better-Horse-9!" });
    await auth.getToken({ renew: true });
    await changePassword(provider, auth, { previous: "Better-Horse-9!", proposed: password }, { fetch });
    await forgotPassword(provider, { username: email }, { fetch });
    await confirmForgotPassword(provider, { username: email, code: server.control.sentCode(email) ?? "", password }, { fetch });
    await globalSignOut(provider, auth, { fetch });
    await auth.logout();

    const operations = new Set(sent.map(({ operation }) => operation.replace(/^.*\./, "")));
    expect([...operations].sort()).toEqual([
      ...["AssociateSoftwareToken", "ChangePassword", "ConfirmDevice", "ConfirmForgotPassword", "ForgotPassword"],
      ...["GetTokensFromRefreshToken", "GlobalSignOut", "InitiateAuth", "RespondToAuthChallenge", "RevokeToken"],
      ...["UpdateDeviceStatus", "VerifySoftwareToken"],
    ]);
    for (const one of sent) expect(await throughSdk(one)).toEqual(one);
  });
});
