import {
  type CognitoCredentials,
  type CognitoOptions,
  changePassword,
  cognito,
  confirmForgotPassword,
  forgotPassword,
} from "@keyturn/cognito";
import {
  ChallengeRequiredError,
  CredentialsRejectedError,
  createAuth,
  type Fetch,
  LoginRequiredError,
  memoryStore,
  RefreshRejectedError,
  type TokenStore,
} from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CognitoLocal, sentCode, startCognitoLocal } from "./cognito-local.fixture.ts";

/*
 * What cognito-local 5.3.0 does otherwise than Amazon, so that nothing here can prove it:
 * - tokens come without ExpiresIn and TokenType
 * - a wrong password is an InvalidPasswordException, where Amazon says NotAuthorizedException; the temporary password is not checked
 * - tokens are accepted after they expired; nothing is throttled, nobody is locked out
 * - there is no rotation (GetTokensFromRefreshToken), no SECRET_HASH, no GlobalSignOut, no SRP, no USER_AUTH, no CUSTOM_AUTH, no devices
 * - errors have their type in the body alone
 */
let server: CognitoLocal;
beforeAll(async () => {
  server = await startCognitoLocal();
}, 60_000);
afterAll(() => server?.stop());

const api = "https://api.example.com/data";
const password = "Correct-Horse-9!";
const user = { username: "ann@example.com", password };
const newcomer = (name: string) => ({ username: `${name}@example.com`, password: "Temporary-Horse-9!" });

interface Setup {
  readonly options?: Partial<Pick<CognitoOptions, "rotation" | "onChallenge">>;
  readonly credentials?: CognitoCredentials | "none";
  readonly store?: TokenStore;
}

/** A session at the server, and an API that takes what the pool's own keys verify. */
function start({ options, credentials = user, store = memoryStore() }: Setup = {}) {
  const clock = manualClock(Date.now());
  const asked: string[] = [];
  const seen = new Set<string>();
  const keys = createRemoteJWKSet(new URL(server.jwksUri));

  const answer = async ({ headers }: Request): Promise<Response> => {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const { payload } = await jwtVerify(token, keys);
    seen.add(token);
    return Response.json(payload);
  };
  const fetch: Fetch = (input, init) => {
    const request = new Request(input, init);
    if (request.url === api) return answer(request);
    asked.push(request.headers.get("x-amz-target")?.split(".")[1] ?? request.url);
    return globalThis.fetch(request);
  };

  const { endpoint, clientId } = server;
  const auth = createAuth(cognito({ endpoint, clientId, ...options }), {
    ...(credentials !== "none" && { credentials }),
    origins: [api],
    ...{ store, clock, fetch },
  });
  return { auth, clock, asked, seen };
}

const burst = <Value>(count: number, call: () => Promise<Value>) => Promise.all(Array.from({ length: count }, call));
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("cognito-local", { timeout: 30_000 }, () => {
  beforeAll(() => server.addUser(user.username, password));

  it("[1] logs in once for 50 requests, which carry one token that its keys verify", async () => {
    const { auth, asked, seen } = start();
    const responses = await burst(50, () => auth.fetch(api));
    const [claims] = await Promise.all(responses.map((response) => response.json()));
    expect(claims).toMatchObject({ client_id: server.clientId, token_use: "access" });
    expect(asked).toEqual(["InitiateAuth"]);
    expect(seen.size).toBe(1);
  });

  it("leaves the life of a token to the token", async () => {
    const { auth, clock } = start();
    const { expiresAt, tokenType } = await auth.getToken();
    expect(tokenType).toBeUndefined();
    expect(Math.abs(Number(expiresAt) - clock.now() - 600_000)).toBeLessThan(5_000);
  });

  it("[2] refreshes once for 50 requests that find the token expired", async () => {
    const { auth, asked, seen, clock } = start();
    await auth.fetch(api);
    await clock.advance(601_000);
    await burst(50, () => auth.fetch(api));
    expect(asked).toEqual(["InitiateAuth", "InitiateAuth"]);
    expect(seen.size).toBe(2);
  });

  it("[58] leaves the refresh token out of what a refresh answers, so that the session keeps it", async () => {
    const { auth, asked } = start();
    const first = await auth.getToken();
    const second = await auth.getToken({ renew: true });
    const third = await auth.getToken({ renew: true });
    expect(new Set([first, second, third].map(({ accessToken }) => accessToken)).size).toBe(3);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken))).toEqual(new Set([expect.any(String)]));
    expect(asked).toHaveLength(3);
  });

  it("[83] is asked once, however many requests wait with a wrong password", async () => {
    const { auth, asked } = start({ credentials: { ...user, password: "Wrong-Horse-9!" } });
    const errors = await burst(100, () => rejection(auth.fetch(api)));
    expect(errors.every((error) => error instanceof CredentialsRejectedError)).toBe(true);
    expect(await rejection(auth.fetch(api))).toBeInstanceOf(CredentialsRejectedError);
    expect(asked).toEqual(["InitiateAuth"]);
  });

  it("[87] wants a new password, which is a typed error where nobody can choose one", async () => {
    const bob = newcomer("bob");
    await server.addUser(bob.username, bob.password, "force-change-password");
    const { auth } = start({ credentials: bob });
    const error = await rejection(auth.fetch(api));
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({ challenge: "NEW_PASSWORD_REQUIRED" });
  });

  it("[87] takes the new password that a handler chooses, within the same request", async () => {
    const cid = newcomer("cid");
    await server.addUser(cid.username, cid.password, "force-change-password");
    const chosen = "Chosen-Horse-9!";
    const { auth, asked } = start({
      options: { onChallenge: ({ name }) => (name === "NEW_PASSWORD_REQUIRED" ? { NEW_PASSWORD: chosen } : undefined) },
      credentials: cid,
    });
    expect((await auth.fetch(api)).status).toBe(200);
    expect(asked).toEqual(["InitiateAuth", "RespondToAuthChallenge"]);

    const next = start({ credentials: { ...cid, password: chosen } });
    expect((await next.auth.fetch(api)).status).toBe(200);
  });

  it("takes a changed password, and one that replaces a forgotten one", async () => {
    const dan = newcomer("dan");
    await server.addUser(dan.username, dan.password);
    const { endpoint, clientId } = server;
    const provider = cognito({ endpoint, clientId });
    const { auth } = start({ credentials: dan });
    await changePassword(provider, auth, { previous: dan.password, proposed: "Changed-Horse-9!" });
    await auth.login({ ...dan, password: "Changed-Horse-9!" });

    expect(await forgotPassword(provider, { username: dan.username })).toEqual({ destination: dan.username, medium: "EMAIL" });
    await confirmForgotPassword(provider, { username: dan.username, code: sentCode, password: "Replaced-Horse-9!" });
    await auth.login({ ...dan, password: "Replaced-Horse-9!" });
    await expect(auth.login({ ...dan, password: "Changed-Horse-9!" })).rejects.toThrow(CredentialsRejectedError);
  });

  it("[49] is told of a logout, and refuses the refresh token from then on", async () => {
    const store = memoryStore();
    const { auth, asked } = start({ store });
    const { refreshToken, accessToken } = await auth.getToken();
    const before = await store.load();
    await auth.logout();
    expect(asked.at(-1)).toBe("RevokeToken");
    const AuthParameters = { REFRESH_TOKEN: refreshToken };
    expect(await server.call("InitiateAuth", { ClientId: server.clientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters })).toMatchObject({
      status: 400,
      body: { __type: "NotAuthorizedException" },
    });

    // A session that has it all the same, from a backup say, is told that somebody has to log in.
    const restored = memoryStore();
    if (before) await restored.save({ ...before, revision: 1 }, 0);
    const late = start({ options: { rotation: false }, credentials: "none", store: restored });
    expect((await late.auth.getToken()).accessToken).toBe(accessToken);
    const error = await rejection(late.auth.getToken({ renew: true }));
    expect(error).toBeInstanceOf(LoginRequiredError);
    expect(error).toHaveProperty("cause", expect.any(RefreshRejectedError));
  });
});
