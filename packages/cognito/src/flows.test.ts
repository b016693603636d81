import { ChallengeRequiredError, CredentialsRejectedError, type TokenSet } from "@keyturn/core/provider";
import { grantContext } from "@keyturn/core/testing";
import { type CognitoUser, defaultCognitoUser, secretHash } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type CognitoChallenge, type CognitoClient, cognito } from "./index.ts";
import { clientId, clientSecret, email, password, region, start, username, userPoolId } from "./server.fixture.ts";

const wrong = { username: email, password: "Wrong-Horse-9!" };
const signedIn = { accessToken: expect.any(String), idToken: expect.any(String), refreshToken: expect.any(String) };
const user = (facts: Partial<CognitoUser>) => ({ users: [{ ...defaultCognitoUser, ...facts }] });

describe("USER_SRP_AUTH", () => {
  const options = { flow: "USER_SRP_AUTH", userPoolId } as const;

  it("proves the password and never sends it", async () => {
    const { login, steps, members, sent } = start({}, options);
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(["USER_SRP_AUTH", "PASSWORD_VERIFIER"]);
    expect(members(0)).toEqual({ USERNAME: email, SRP_A: expect.stringMatching(/^[\da-f]{700,768}$/) });
    expect(members(1)).toEqual({
      USERNAME: username,
      PASSWORD_CLAIM_SECRET_BLOCK: expect.any(String),
      PASSWORD_CLAIM_SIGNATURE: expect.any(String),
      TIMESTAMP: "Thu Jan 1 00:00:00 UTC 2026",
    });
    expect(JSON.stringify(sent)).not.toContain(password);
  });

  it("takes the hash of a client secret over what was typed first, over the real name then", async () => {
    const { login, members } = start({ clients: [{ clientId, clientSecret }] }, { ...options, clientSecret });
    await login();
    expect(members(0).SECRET_HASH).toBe(await secretHash(email, clientId, clientSecret));
    expect(members(1).SECRET_HASH).toBe(await secretHash(username, clientId, clientSecret));
  });

  it("works whatever the salt of the user looks like", async () => {
    for (const seed of ["a", "b", "c", "d"]) expect(await start({ seed }, options).login()).toMatchObject(signedIn);
  });

  it.each([
    ["LEGACY", "credentials-rejected"],
    ["ENABLED", "credentials-rejected"],
  ] as const)("with a wrong password or an unknown user is refused for good where existence errors are %s", async (mode, code) => {
    const { login, control } = start({ preventUserExistenceErrors: mode }, options);
    await expect(login(wrong)).rejects.toThrow(CredentialsRejectedError);
    expect(control.failedLogins(email)).toBe(1);
    await expect(login({ ...wrong, username: "nobody" })).rejects.toMatchObject({ code });
  });

  it("locks the account as any other flow does", async () => {
    const { login } = start({}, options);
    for (let attempt = 1; attempt <= 5; attempt += 1) await expect(login(wrong)).rejects.toThrow(CredentialsRejectedError);
    await expect(login()).rejects.toMatchObject({ code: "token-request-failed", repeats: 0, message: expect.stringContaining("locked") });
  });

  it("goes on with whatever the pool asks next", async () => {
    const { login, control, steps } = start(user({ state: "force-change-password", mfa: ["EMAIL_OTP"] }), {
      ...options,
      onChallenge: ({ name }) =>
        name === "EMAIL_OTP" ? { EMAIL_OTP_CODE: control.sentCode(email) ?? "" } : { NEW_PASSWORD: "Better-Horse-9!" },
    });
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(["USER_SRP_AUTH", "PASSWORD_VERIFIER", "NEW_PASSWORD_REQUIRED", "EMAIL_OTP"]);
  });

  it.each([
    ["no numbers", { SALT: "xyz", SRP_B: "-1", SECRET_BLOCK: "" }],
    ["nothing", {}],
    ["a B that gives the password away", { SALT: "1", SRP_B: "0", SECRET_BLOCK: "" }],
  ])("answers no server that sends %s", async (_what, ChallengeParameters) => {
    const fetch = async () => Response.json({ ChallengeName: "PASSWORD_VERIFIER", Session: "s", ChallengeParameters });
    const provider = cognito({ region, clientId, ...options });
    await expect(provider.login({ username: email, password }, grantContext({ fetch, now: () => 0 }))).rejects.toMatchObject({
      code: "token-response-malformed",
      message: expect.stringContaining("values for SRP"),
    });
  });

  it("is not asked for by a pool that was sent the password", async () => {
    const fetch = async () => Response.json({ ChallengeName: "PASSWORD_VERIFIER", Session: "s", ChallengeParameters: {} });
    const provider = cognito({ region, clientId, userPoolId });
    const login = provider.login({ username: email, password }, grantContext({ fetch, now: () => 0 }));
    await expect(login).rejects.toThrow(ChallengeRequiredError);
  });
});

describe("USER_AUTH", () => {
  const options = { flow: "USER_AUTH", userPoolId } as const;
  const factors = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"] as const;
  const everyFactor = user({ firstFactors: factors, phoneNumber: "+15550101234" });
  const signIn = (more: Partial<CognitoClient>, facts = everyFactor) => start(facts, { ...options, ...more });

  it("without a handler uses the password, by SRP where the pool and the options allow it", async () => {
    const { login, steps, members } = signIn({});
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(["USER_AUTH", "SELECT_CHALLENGE", "PASSWORD_VERIFIER"]);
    expect(members(1)).toEqual({ USERNAME: email, ANSWER: "PASSWORD_SRP", SRP_A: expect.any(String) });
    const plain = signIn({ userPoolId: undefined });
    expect(await plain.login()).toMatchObject(signedIn);
    expect(plain.members(1)).toEqual({ USERNAME: email, ANSWER: "PASSWORD", PASSWORD: password });
  });

  it.each([
    ["PASSWORD", ["USER_AUTH"]],
    ["PASSWORD_SRP", ["USER_AUTH", "PASSWORD_VERIFIER"]],
  ] as const)("begins with %s at once if told so", async (firstFactor, expected) => {
    const { login, steps, members } = signIn({ firstFactor });
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(expected);
    expect(members(0)).toMatchObject({ PREFERRED_CHALLENGE: firstFactor });
  });

  it.each(["EMAIL_OTP", "SMS_OTP"] as const)("needs no password for %s", async (firstFactor) => {
    const server = signIn({ firstFactor, onChallenge: ({ name }) => ({ [`${name}_CODE`]: server.control.sentCode(email) ?? "" }) });
    expect(await server.login({ username: email })).toMatchObject(signedIn);
    expect(server.steps()).toEqual(["USER_AUTH", firstFactor]);
  });

  it("lets a person choose, and adds the password that the choice needs", async () => {
    for (const ANSWER of ["PASSWORD", "PASSWORD_SRP"]) {
      const seen: CognitoChallenge[] = [];
      const { login } = signIn({
        onChallenge: (challenge) => {
          seen.push(challenge);
          return { ANSWER };
        },
      });
      expect(await login()).toMatchObject(signedIn);
      expect(seen).toMatchObject([{ name: "SELECT_CHALLENGE", choices: factors }]);
    }
  });

  it("hands a passkey's options on as the browser wants them", async () => {
    const onChallenge = (challenge: CognitoChallenge) => {
      if (challenge.name !== "WEB_AUTHN") return undefined;
      expect(challenge.requestOptions).toMatchObject({ rpId: "example.com", challenge: expect.any(String) });
      return { CREDENTIAL: JSON.stringify({ id: username, type: "public-key" }) };
    };
    const { login } = signIn({ firstFactor: "WEB_AUTHN", onChallenge });
    expect(await login({ username: email })).toMatchObject(signedIn);
  });

  it("asks to choose where the way that is preferred is none of the user's", async () => {
    const { login, steps } = signIn({ firstFactor: "WEB_AUTHN" }, user({ firstFactors: ["PASSWORD"] }));
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(["USER_AUTH", "SELECT_CHALLENGE"]);
  });

  it.each(["PASSWORD", "PASSWORD_SRP"])("answers a pool that asks for %s by name", async (name) => {
    const answers: object[] = [{ ChallengeName: name, Session: "s" }, { AuthenticationResult: { AccessToken: "a" } }];
    const sent: Record<string, unknown>[] = [];
    const fetch = async (_input: unknown, init?: RequestInit) => {
      sent.push(JSON.parse(String(init?.body)));
      return Response.json(answers.shift());
    };
    const login = (): Promise<TokenSet> =>
      cognito({ region, clientId, ...options }).login({ username: email, password }, grantContext({ fetch, now: () => 0 }));
    expect(await login()).toHaveProperty("accessToken");
    const member = name === "PASSWORD" ? { PASSWORD: password } : { SRP_A: expect.any(String) };
    expect(sent[1]).toMatchObject({ ChallengeName: name, ChallengeResponses: { USERNAME: email, ...member } });
  });
});

describe("CUSTOM_AUTH", () => {
  const riddle = user({ customChallenges: [{ parameters: { riddle: "?" }, answer: "!" }] });
  const onChallenge = ({ parameters }: CognitoChallenge) => ({ ANSWER: parameters.riddle === "?" ? "!" : "" });

  it("without a password is a matter of the pool's triggers", async () => {
    const { login, steps, members } = start(riddle, { flow: "CUSTOM_AUTH", onChallenge });
    expect(await login({ username: email })).toMatchObject(signedIn);
    expect(steps()).toEqual(["CUSTOM_AUTH", "CUSTOM_CHALLENGE"]);
    expect(members(0)).toEqual({ USERNAME: email });
  });

  it("adds the password to no answer but the choice of a way to log in", async () => {
    const onChallenge = () => ({ ANSWER: "PASSWORD" });
    const { login, sent } = start(user({ customChallenges: [{ parameters: {}, answer: "PASSWORD" }] }), {
      flow: "CUSTOM_AUTH",
      userPoolId,
      onChallenge,
    });
    expect(await login()).toMatchObject(signedIn);
    expect(JSON.stringify(sent)).not.toContain(password);
  });

  it("with one proves that first, by SRP", async () => {
    const { login, steps, members } = start(riddle, { flow: "CUSTOM_AUTH", userPoolId, onChallenge });
    expect(await login()).toMatchObject(signedIn);
    expect(steps()).toEqual(["CUSTOM_AUTH", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"]);
    expect(members(0)).toEqual({ USERNAME: email, CHALLENGE_NAME: "SRP_A", SRP_A: expect.any(String) });
    await expect(login(wrong)).rejects.toThrow(CredentialsRejectedError);
  });
});

describe("wrong options of a flow", () => {
  it.each<readonly [string, Partial<CognitoClient>]>([
    ["userPoolId", { flow: "USER_SRP_AUTH" }],
    ["userPoolId", { flow: "USER_SRP_AUTH", userPoolId: "Example01" }],
    ["userPoolId", { flow: "USER_AUTH", firstFactor: "PASSWORD_SRP" }],
    ["firstFactor", { flow: "USER_SRP_AUTH", userPoolId, firstFactor: "PASSWORD" }],
    ["flow", { flow: "ADMIN_NO_SRP_AUTH" as "USER_AUTH" }],
    ["devices", { devices: {} as Map<string, never> }],
  ])("name %s", (option, options) => {
    expect(() => cognito({ region, clientId, ...options })).toThrow(new RegExp(`^cognito\\(\\): option "${option}" must be`));
  });

  it("show in credentials that can never work", () => {
    const custom = cognito({ region, clientId, flow: "CUSTOM_AUTH" });
    expect(() => custom.identity?.({ username: email, password })).toThrow(/^cognito: .*"userPoolId" is missing/);
    const password0 = cognito({ region, clientId, flow: "USER_AUTH", firstFactor: "PASSWORD" });
    expect(() => password0.identity?.({ username: email })).toThrow("cognito: a login by PASSWORD needs a password");
  });
});
