import { type CognitoClient, cognito } from "@keyturn/cognito";
import { grantContext } from "@keyturn/core/testing";
import { defaultCognitoUser, type CognitoUser as EmulatedUser, totp } from "@keyturn/emulators";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  amazonUser,
  clientId,
  email,
  fixRandomness,
  newYear,
  password,
  recording,
  region,
  type Sent,
  type Server,
  startServer,
  userPoolId,
} from "./amazon.fixture.ts";

let server: Server;
const servers: Server[] = [];
async function serve(facts: Partial<EmulatedUser> = {}, options: Parameters<typeof startServer>[0] = {}): Promise<Server> {
  server = await startServer({ users: [{ ...defaultCognitoUser, phoneNumber: "+15550101234", ...facts }], ...options });
  servers.push(server);
  return server;
}
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: newYear });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const started of servers.splice(0)) await started.close();
});

const next = "Better-Horse-9!";

/** A method of Amazon's with one callback, as a promise. */
const promised = <Result>(call: (done: (error?: Error, result?: Result) => void) => void): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)));
  });

describe("amazon-cognito-identity-js at the emulator", () => {
  it.each(["USER_PASSWORD_AUTH", "USER_SRP_AUTH"])("logs in by %s and reads its tokens", async (flow) => {
    const { logIn } = amazonUser(await serve(), flow);
    const session = await logIn();
    expect(session.isValid()).toBe(true);
    expect(session.getIdToken().payload).toMatchObject({ email, aud: clientId, token_use: "id" });
    expect(session.getAccessToken().payload).toMatchObject({ client_id: clientId, token_use: "access" });
  });

  it.each(["USER_PASSWORD_AUTH", "USER_SRP_AUTH"])("is told of a wrong password, by %s", async (flow) => {
    const { logIn } = amazonUser(await serve(), flow);
    await expect(logIn(undefined, "Wrong-Horse-9!")).rejects.toMatchObject({
      code: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
    expect(server.control.failedLogins(email)).toBe(1);
  });

  it("refreshes, tells of the user, changes the password and signs out everywhere", async () => {
    const { user, logIn } = amazonUser(await serve(), "USER_SRP_AUTH");
    const session = await logIn();
    const renewed = await promised((done) => user.refreshSession(session.getRefreshToken(), done));
    expect(renewed).not.toBe(session);
    const attributes = await promised<{ getName(): string; getValue(): string }[]>((done) => user.getUserAttributes(done));
    expect(attributes?.map((one) => [one.getName(), one.getValue()])).toContainEqual(["email", email]);
    expect(await promised((done) => user.changePassword(password, next, done))).toBe("SUCCESS");
    await new Promise((onSuccess, onFailure) => user.globalSignOut({ onSuccess, onFailure }));
    await expect(logIn()).rejects.toMatchObject({ code: "NotAuthorizedException" });
    expect((await logIn(undefined, next)).isValid()).toBe(true);
    await promised<void>((done) => user.signOut(done as () => void)); // revokes
    expect(server.control.count("revoke", 200)).toBe(1);
  });

  it("answers a first password, a choice of factors and a code, one after the other", async () => {
    const { user, logIn } = amazonUser(
      await serve({ state: "force-change-password", mfa: ["SMS_MFA", "SOFTWARE_TOKEN_MFA"] }),
      "USER_SRP_AUTH",
    );
    const asked: string[] = [];
    const session = await logIn((callbacks, name) => {
      asked.push(name);
      if (name === "NEW_PASSWORD_REQUIRED") user.completeNewPasswordChallenge(next, {}, callbacks);
      else if (name === "SELECT_MFA_TYPE") user.sendMFASelectionAnswer("SMS_MFA", callbacks);
      else user.sendMFACode(server.control.sentCode(email) ?? "", callbacks, name);
    });
    expect(session.isValid()).toBe(true);
    expect(asked).toEqual(["NEW_PASSWORD_REQUIRED", "SELECT_MFA_TYPE", "SMS_MFA"]);
  });

  it("sets up an authenticator app", async () => {
    const { user, logIn } = amazonUser(await serve({ mfaSetup: ["SOFTWARE_TOKEN_MFA"] }), "USER_SRP_AUTH");
    const session = await logIn((callbacks) => {
      user.associateSoftwareToken({
        associateSecretCode: async (secret) => user.verifySoftwareToken(await totp(secret, newYear), "Phone", callbacks),
        onFailure: callbacks.onFailure,
      });
    });
    expect(session.isValid()).toBe(true);
  });

  it("passes triggers of the pool's own, after SRP", async () => {
    const customChallenges = [{ parameters: { riddle: "?" }, answer: "!" }];
    const { user, logIn } = amazonUser(await serve({ customChallenges }), "CUSTOM_AUTH");
    expect((await logIn((callbacks) => user.sendCustomChallengeAnswer("!", callbacks))).isValid()).toBe(true);
  });

  it("confirms its device, proves it the next time instead of a code, and refreshes for it", async () => {
    const { user, sent, logIn } = amazonUser(await serve({ mfa: ["SMS_MFA"] }, { deviceTracking: "always" }), "USER_SRP_AUTH");
    const answer = (callbacks: Parameters<typeof user.sendMFACode>[1]) => user.sendMFACode(server.control.sentCode(email) ?? "", callbacks);
    await logIn(answer);
    const before = sent.length;
    const session = await logIn(answer);
    const names = sent.slice(before).map(({ body }) => body.ChallengeName ?? body.AuthFlow);
    expect(names).toEqual(["USER_SRP_AUTH", "PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
    await promised((done) => user.refreshSession(session.getRefreshToken(), done));
    server.control.forgetDevices(email);
    expect((await logIn(answer)).isValid()).toBe(true); // as from a new device
  });

  it("replaces a forgotten password", async () => {
    const { user, logIn } = amazonUser(await serve(), "USER_SRP_AUTH");
    const sent = await new Promise((onSuccess, onFailure) => user.forgotPassword({ onSuccess, onFailure }));
    expect(sent).toMatchObject({ CodeDeliveryDetails: { DeliveryMedium: "EMAIL" } });
    const code = server.control.sentCode(email) ?? "";
    await new Promise<unknown>((onSuccess, onFailure) => user.confirmPassword(code, next, { onSuccess, onFailure }));
    expect((await logIn(undefined, next)).isValid()).toBe(true);
  });
});

describe("what it sends and what we send, for the same login at two servers that are alike", () => {
  /** It always sends a ClientMetadata, if an empty one, and a device's key that is null: neither says anything. */
  const saying = (sent: readonly Sent[]): unknown => {
    const text = JSON.stringify(sent.map(({ operation, body: { ClientMetadata: _, ...body } }) => ({ operation, body })));
    return JSON.parse(text.replaceAll(/"eyJ[\w.-]+"/g, '"a token"'), (_key, value) => value ?? undefined);
  };

  async function ours(options: Partial<CognitoClient>, facts?: Partial<EmulatedUser>): Promise<Sent[]> {
    const { url } = await serve(facts);
    const { fetch, sent } = recording();
    const provider = cognito({ region, clientId, userPoolId, endpoint: `${url}/`, flow: "USER_PASSWORD_AUTH", ...options });
    const context = grantContext({ fetch, now: () => newYear });
    const tokens = await provider.login({ username: email, password }, context);
    await provider.refresh(tokens, context);
    return sent;
  }

  async function theirs(flow: string, facts?: Partial<EmulatedUser>): Promise<readonly Sent[]> {
    const { user, sent, logIn } = amazonUser(await serve(facts), flow);
    const session = await logIn((callbacks, name) => {
      if (name === "NEW_PASSWORD_REQUIRED") user.completeNewPasswordChallenge(next, { name: "Ann" }, callbacks);
      else if (name === "CUSTOM_CHALLENGE") user.sendCustomChallengeAnswer("!", callbacks);
      else user.sendMFACode(server.control.sentCode(email) ?? "", callbacks, name);
    });
    await promised((done) => user.refreshSession(session.getRefreshToken(), done));
    vi.unstubAllGlobals();
    return sent;
  }

  const onChallenge: CognitoClient["onChallenge"] = ({ name }) => {
    if (name === "NEW_PASSWORD_REQUIRED") return { NEW_PASSWORD: next, "userAttributes.name": "Ann" };
    return name === "CUSTOM_CHALLENGE" ? { ANSWER: "!" } : { [`${name}_CODE`]: server.control.sentCode(email) ?? "" };
  };

  it.each<readonly [string, "USER_PASSWORD_AUTH" | "USER_SRP_AUTH" | "CUSTOM_AUTH", Partial<EmulatedUser>]>([
    ["a password in the open", "USER_PASSWORD_AUTH", {}],
    ["a password by SRP", "USER_SRP_AUTH", {}],
    ["a first password", "USER_SRP_AUTH", { state: "force-change-password", requiredAttributes: ["name"] }],
    ["a code by text message", "USER_SRP_AUTH", { mfa: ["SMS_MFA"] }],
    ["triggers of the pool", "CUSTOM_AUTH", { customChallenges: [{ parameters: {}, answer: "!" }] }],
  ])("is the same for %s, up to SRP_A and the signature", async (_what, flow, facts) => {
    fixRandomness();
    const [one, other] = [await ours({ flow, onChallenge }, facts), await theirs(flow, facts)];
    expect(saying(one)).toEqual(saying(other));
    expect(one.length).toBeGreaterThan(flow === "USER_PASSWORD_AUTH" ? 1 : 2);
  });
});
