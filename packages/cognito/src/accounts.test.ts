import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import { LoginRequiredError, TokenRequestError } from "@keyturn/core/provider";
import { createCognitoEmulator, defaultCognitoUser, type CognitoOptions as Emulated, secretHash } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import {
  type CognitoClient,
  CognitoError,
  changePassword,
  cognito,
  confirmForgotPassword,
  forgotPassword,
  globalSignOut,
  rememberDevice,
} from "./index.ts";
import { clientId, clientSecret, email, password, region, username, userPoolId } from "./server.fixture.ts";

const next = "Better-Horse-9!";

function open(emulated: Emulated = {}, options: Partial<CognitoClient> = {}) {
  const { fetch, control } = createCognitoEmulator(emulated);
  const sent: Record<string, unknown>[] = [];
  const recorded: typeof fetch = (input, init) => {
    sent.push(JSON.parse(String(init?.body)));
    return fetch(input, init);
  };
  const provider = cognito({ region, clientId, flow: "USER_PASSWORD_AUTH", ...options });
  const auth = createAuth(provider, { origins: ["https://api.example.com"], fetch });
  return { auth, provider, control, sent, call: { fetch: recorded } };
}

describe("a forgotten password", () => {
  it("is replaced with the code that was sent", async () => {
    const { auth, provider, control, call, sent } = open();
    expect(await forgotPassword(provider, { username: email }, call)).toEqual({ destination: "a***@e***", medium: "EMAIL" });
    await confirmForgotPassword(provider, { username: email, code: control.sentCode(email) ?? "", password: next }, call);
    expect(sent).toEqual([
      { ClientId: clientId, Username: email },
      { ClientId: clientId, Username: email, ConfirmationCode: expect.stringMatching(/^\d{6}$/), Password: next },
    ]);
    await auth.login({ username: email, password: next });
    expect(auth.status.state).toBe("fresh");
  });

  it("ends the state in which only that helps", async () => {
    const { auth, provider, control, call } = open({ users: [{ ...defaultCognitoUser, state: "reset-required" }] });
    await expect(auth.login({ username: email, password })).rejects.toMatchObject({ code: "credentials-rejected" });
    await forgotPassword(provider, { username: email }, call);
    await confirmForgotPassword(provider, { username: email, code: control.sentCode(email) ?? "", password: next }, call);
    await auth.login({ username: email, password: next });
  });

  it("proves a client secret under the name that these operations want", async () => {
    const { provider, call, sent } = open({ clients: [{ clientId, clientSecret }] }, { clientSecret });
    await forgotPassword(provider, { username: email }, call);
    expect(sent[0]).toEqual({ ClientId: clientId, Username: email, SecretHash: await secretHash(email, clientId, clientSecret) });
  });

  it.each([
    ["a wrong code", "000000", next, "CodeMismatchException"],
    ["a weak password", undefined, "short", "InvalidPasswordException"],
  ])("with %s is a CognitoError that says which", async (_what, code, chosen, expected) => {
    const { provider, control, call } = open();
    await forgotPassword(provider, { username: email }, call);
    const given = { username: email, code: code ?? control.sentCode(email) ?? "", password: chosen };
    const error = await confirmForgotPassword(provider, given, call).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CognitoError);
    expect(error).toMatchObject({
      code: expected,
      status: 400,
      message: `cognito: ConfirmForgotPassword failed with status 400 (${expected})`,
    });
    for (const secret of [given.code, chosen]) expect(inspect(error)).not.toContain(secret);
  });

  it("is limited, and tells nobody which users exist if the pool does not", async () => {
    const { provider, call } = open({ preventUserExistenceErrors: "ENABLED" });
    expect(await forgotPassword(provider, { username: "nobody" }, call)).toMatchObject({ medium: "EMAIL" });
    for (let attempt = 1; attempt <= 5; attempt += 1) await forgotPassword(provider, { username: email }, call);
    await expect(forgotPassword(provider, { username: email }, call)).rejects.toMatchObject({ code: "LimitExceededException" });
    await expect(forgotPassword(open().provider, { username: "nobody" }, open().call)).rejects.toMatchObject({
      code: "UserNotFoundException",
    });
  });
});

describe("a password that is changed", () => {
  it("leaves the tokens as they are", async () => {
    const { auth, provider, call, sent } = open();
    await auth.login({ username: email, password });
    const { accessToken } = await auth.getToken();
    await changePassword(provider, auth, { previous: password, proposed: next }, call);
    expect(sent).toEqual([{ AccessToken: accessToken, PreviousPassword: password, ProposedPassword: next }]);
    expect((await auth.getToken({ renew: true })).accessToken).not.toBe(accessToken);
    await auth.login({ username: email, password: next });
  });

  it("is refused where the old one is wrong", async () => {
    const { auth, provider, call } = open();
    await auth.login({ username: email, password });
    const change = changePassword(provider, auth, { previous: "Wrong-Horse-9!", proposed: next }, call);
    await expect(change).rejects.toMatchObject({ code: "NotAuthorizedException" });
  });

  it("takes a new access token where the pool refuses the one that is held", async () => {
    const { auth, provider, control, call, sent } = open();
    await auth.login({ username: email, password });
    control.expireAccess();
    await changePassword(provider, auth, { previous: password, proposed: next }, call);
    expect(new Set(sent.map(({ AccessToken }) => AccessToken)).size).toBe(2);
    expect(control.count("refresh", 200)).toBe(1);
  });

  it("needs somebody who is logged in", async () => {
    const { auth, provider, call } = open();
    await expect(changePassword(provider, auth, { previous: password, proposed: next }, call)).rejects.toThrow(LoginRequiredError);
  });
});

describe("a sign-out everywhere", () => {
  it("ends all sessions of the user", async () => {
    const { auth, provider, call, sent } = open();
    await auth.login({ username, password });
    const { accessToken } = await auth.getToken();
    await globalSignOut(provider, auth, call);
    expect(sent).toEqual([{ AccessToken: accessToken }]);
    await expect(auth.getToken({ renew: true }).then(() => auth.getToken({ renew: true }))).rejects.toMatchObject({
      code: "login-required",
      cause: { code: "refresh-rejected" },
    });
  });
});

describe("a device that users decide about", () => {
  it("is remembered when they say so", async () => {
    const devices = new Map();
    const { auth, provider, control, call } = open({ deviceTracking: "opt-in" }, { flow: "USER_SRP_AUTH", userPoolId, devices });
    const proved = () => control.count("challenge");
    await auth.login({ username: email, password });
    await auth.login({ username: email, password });
    expect(proved()).toBe(2); // PASSWORD_VERIFIER alone
    await rememberDevice(provider, auth, { key: devices.get(email).key }, call);
    await auth.login({ username: email, password });
    expect(proved()).toBe(5);
    await rememberDevice(provider, auth, { key: devices.get(email).key, remembered: false }, call);
    await auth.login({ username: email, password });
    expect(proved()).toBe(6);
  });
});

describe("any of these calls", () => {
  it("names what is missing before anything is sent", async () => {
    const { auth, provider, call, sent } = open();
    const nothing = {} as never; // as where nobody checks types
    await expect(forgotPassword(provider, nothing, call)).rejects.toThrow(/^forgotPassword\(\): option "username" must be .* missing/);
    await expect(confirmForgotPassword(provider, { username: email, code: "", password: next }, call)).rejects.toThrow(/"code"/);
    await expect(changePassword(provider, auth, { previous: password, proposed: "" }, call)).rejects.toThrow(/"proposed"/);
    await expect(rememberDevice(provider, auth, nothing, call)).rejects.toThrow(/"key"/);
    expect(sent).toEqual([]);
  });

  it("without an answer is a TokenRequestError, and ends with the reason of its signal", async () => {
    const { provider, control, call } = open();
    control.failNext("forgot-password", "network");
    await expect(forgotPassword(provider, { username: email }, call)).rejects.toThrow(TokenRequestError);
    const reason = new RangeError("the dialog was closed");
    await expect(forgotPassword(provider, { username: email }, { ...call, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("goes through the platform's fetch unless told otherwise", async () => {
    const { listen } = createCognitoEmulator();
    const { url, close } = await listen();
    const provider = cognito({ endpoint: `${url}/`, clientId });
    expect(await forgotPassword(provider, { username: email })).toMatchObject({ medium: "EMAIL" });
    await close();
  });
});
