import { describe, expect, it } from "vitest";
import {
  AuthError,
  type AuthProvider,
  ChallengeRequiredError,
  CredentialsRejectedError,
  createAuth,
  LoginRequiredError,
  memoryStore,
  RefreshRejectedError,
  TokenRequestError,
} from "../index.ts";
import { tokenRequest, tokenSet } from "../provider/index.ts";
import {
  ada,
  ben,
  createIssuer,
  type Issuer,
  manualClock,
  networkError,
  open,
  origin,
  settled,
  times,
  troubled,
  type User,
  url,
} from "../test-kit.ts";

const wrong = { username: "ada", password: "horse correct" };
const hour = 3_600_000;
const grantsOf = ({ sent }: Issuer) => sent.login + sent.refresh;

/** What the work rejects with, once everything it waits for has happened. */
async function failureOf(issuer: Issuer, work: () => Promise<unknown>): Promise<AuthError> {
  const failed = work().then(
    () => expect.unreachable("it succeeds"),
    (error: AuthError) => error,
  );
  await issuer.clock.advance(1_000);
  return failed;
}

describe("a failure that time may mend", () => {
  const request = (status?: number) => new TokenRequestError("issuer: refresh failed", { status });
  it.each([
    ["a network error", networkError, 2],
    ["a 408", () => request(408), 1],
    ["a 429", () => request(429), 3],
    ["a 500", () => request(500), 2],
    ["a 502", () => request(502), 2],
    ["a 503", () => request(503), 3],
  ])("[51] %s keeps the session; after its repeats nothing is sent before the next attempt is allowed", async (_, error, sends) => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth, events } = open(issuer, { store });
    await auth.login(ada);
    const before = await store.load();
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", error(), sends);
    const failure = await failureOf(issuer, () => auth.fetch(url));
    expect(failure).toMatchObject({ name: "TokenRequestError", code: "token-request-failed" });
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", retryAt: failure.retryAt });
    expect(auth.status).toMatchObject({ state: "expired", error: { code: "token-request-failed" } });
    expect((await store.load())?.tokens).toEqual(before?.tokens);
    expect(issuer.sent.refresh).toBe(sends);

    await issuer.clock.advance((failure.retryAt ?? 0) - issuer.clock.now() - 1);
    await Promise.allSettled(times(100, () => auth.fetch(url)));
    expect(issuer.sent.refresh).toBe(sends);
    await issuer.clock.advance(1);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(sends + 1);
  });

  it("[51] repeats of a flight come after 200 ms and 400 ms", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    issuer.fail("login", request(503), 2);
    const token = auth.getToken();
    const sent: number[] = [];
    for (const wait of [0, 199, 1, 399, 1]) {
      await issuer.clock.advance(wait);
      sent.push(issuer.sent.login);
    }
    expect(sent).toEqual([1, 1, 2, 2, 3]);
    expect(await token).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[9, 51] a forced renewal fails, though the held token lives; before its time it sends nothing", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.fail("refresh", request(408));
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "token-request-failed" });
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "token-request-failed" });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[51] a token endpoint that does not answer in time keeps the session", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    const hanging = issuer.hold("refresh");
    const calls = Promise.allSettled([auth.getToken()]);
    await issuer.clock.advance(16_000);
    await calls;
    hanging.release();
    expect(auth.status).toMatchObject({ state: "expired", renewing: false, error: { code: "token-request-failed" } });
    await issuer.clock.advance(1_500);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[51] its time is waited for with a credentials function too", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer, { credentials: () => ada });
    issuer.fail("login", networkError(), 2);
    const failing = auth.getToken().catch((error: unknown) => error);
    await issuer.clock.advance(200);
    expect(await failing).toMatchObject({ code: "token-request-failed", message: "issuer: login failed", cause: networkError() });
    await expect(auth.getToken()).rejects.toBe(await failing);
    expect(types().filter((type) => type === "grant-started")).toHaveLength(1);
    await issuer.clock.advance(1_500);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[51] Retry-After goes before our own waiting time", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 429, retryAfter: 120_000 }));
    const failure = await failureOf(issuer, () => auth.getToken());
    expect(issuer.sent.refresh).toBe(1);
    await issuer.clock.advance(118_999);
    await expect(auth.getToken()).rejects.toMatchObject({ code: "token-request-failed", retryAt: failure.retryAt });
    expect(issuer.sent.refresh).toBe(1);
    await issuer.clock.advance(60_001);
    await auth.getToken();
    expect(issuer.sent.refresh).toBe(2);
  });

  it("[51] a Retry-After of days is obeyed for an hour, and half of one at most", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 503, retryAfter: 100 * hour }));
    const { retryAt = 0 } = await failureOf(issuer, () => auth.getToken());
    const wait = retryAt - issuer.clock.now() + 1_000;
    expect(wait).toBeGreaterThanOrEqual(hour);
    expect(wait).toBeLessThanOrEqual(1.5 * hour);
    await issuer.clock.advance(hour / 4);
    await expect(auth.getToken()).rejects.toMatchObject({ retryAt });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[51] a session opened later obeys the time that another one was told, and says which it is", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 429, retryAfter: 120_000 }));
    const { retryAt = 0 } = await failureOf(issuer, () => auth.getToken());
    const later = await open(issuer, { store })
      .auth.getToken()
      .catch((error: unknown) => error);
    expect(later).toBeInstanceOf(TokenRequestError);
    expect(later).toMatchObject({
      retryAt,
      message: `issuer: an earlier attempt failed with "token-request-failed"; next attempt from ${new Date(retryAt).toISOString()}`,
    });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[51] a failure of another kind that was stored is told as what it was", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new AuthError("misconfigured", "issuer: refresh failed"));
    const { retryAt } = await failureOf(issuer, () => auth.getToken());
    const later = await open(issuer, { store })
      .auth.getToken()
      .catch((error: unknown) => error);
    expect(later).toMatchObject({ code: "misconfigured", retryAt, constructor: AuthError });
  });

  it("[51] waiting times double from one second to one minute, each up to half as long again", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 408 }));
      const { retryAt = 0 } = await auth.getToken().catch((error) => error);
      const wait = (retryAt - issuer.clock.now()) / 1000;
      expect(wait).toBeGreaterThanOrEqual(seconds);
      expect(wait).toBeLessThanOrEqual(1.5 * seconds);
      await issuer.clock.advance(wait * 1000);
    }
  });

  it("[51] waiting times begin at one second again after a success", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    const error = () => new TokenRequestError("issuer: refresh failed", { status: 408 });
    for (let failure = 0; failure < 3; failure++) {
      issuer.fail("refresh", error());
      await auth.getToken({ renew: true }).catch(() => {});
      await issuer.clock.advance(6_000);
    }
    await auth.getToken({ renew: true });
    issuer.fail("refresh", error());
    const { retryAt = 0 } = await auth.getToken({ renew: true }).catch((failure) => failure);
    expect(retryAt - issuer.clock.now()).toBeLessThanOrEqual(1_500);
  });

  it("[19, 51] a time for the next attempt that a wall clock set back has moved out of sight is not waited for", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 408 }));
    await auth.getToken().catch(() => {});
    issuer.clock.setWallClock(issuer.clock.now() - 24 * hour);
    expect((await auth.fetch(url)).status).toBe(200);
  });

  it("[8, 51] a failure beside another user's session stops the one it befell, not the owner", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const owner = open(issuer, { store });
    await owner.auth.login(ben);
    issuer.fail("login", new TokenRequestError("issuer: login failed", { status: 408 }));
    await expect(open(issuer, { store, credentials: ada }).auth.getToken()).rejects.toMatchObject({ code: "token-request-failed" });
    await expect(open(issuer, { store, credentials: ada }).auth.getToken()).rejects.toMatchObject({ code: "token-request-failed" });
    expect(issuer.sent.login).toBe(2);
    expect(await open(issuer, { store }).auth.getToken()).toMatchObject({ accessToken: "access-ben-1" });
    expect(await owner.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ben-2" });
    await issuer.clock.advance(1_500);
    expect(await open(issuer, { store, credentials: ada }).auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
  });

  it("[8, 51] another user's failure in the store stops nobody else", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    issuer.fail("login", new TokenRequestError("issuer: login failed", { status: 408 }));
    await open(issuer, { store, credentials: ben })
      .auth.getToken()
      .catch(() => {});
    expect(await store.load()).toMatchObject({ identity: "issuer ben", failure: { code: "token-request-failed" } });
    expect(await open(issuer, { store, credentials: ada }).auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[53] a client that is not known to the server fails loudly and keeps the refresh token", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth, types } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", new AuthError("misconfigured", "issuer: refresh failed with status 401 (invalid_client)"));
    const failure = await failureOf(issuer, () => auth.fetch(url));
    expect(failure).toMatchObject({ code: "misconfigured", message: expect.stringContaining("invalid_client") });
    expect(types().at(-1)).toBe("grant-failed");
    expect((await store.load())?.tokens?.refreshToken).toBe("refresh-1");
    await issuer.clock.advance(1_500);
    expect((await auth.fetch(url)).status).toBe(200);
  });

  it.each([
    ["an OAuth error", () => Response.json({ error: "invalid_grant" })],
    ["an HTML page", () => new Response("<title>Sign in</title>", { headers: { "content-type": "text/html" } })],
    ["an empty token", () => Response.json({ access_token: "" })],
    ["broken JSON", () => new Response('{"access_token": "acc')],
    ["nothing", () => new Response(null)],
  ])("[54] a 200 with %s is a failure, not a token", async (_, answer) => {
    const requests: string[] = [];
    const provider: AuthProvider = {
      name: "odd",
      origins: [origin],
      async login(_credentials, context) {
        const reply = await tokenRequest({ provider: "odd", operation: "login", url: "https://login.example.com/token" }, context);
        return tokenSet(reply, { accessToken: reply.body.access_token });
      },
    };
    const auth = createAuth(provider, {
      clock: manualClock(),
      async fetch(input) {
        requests.push(String(input));
        return answer();
      },
    });
    await expect(auth.fetch(url)).rejects.toMatchObject({ name: "TokenResponseError", code: "token-response-malformed" });
    expect(requests).toEqual(["https://login.example.com/token"]);
    expect(auth.status.state).toBe("empty");
  });

  it.each([
    ["nothing", undefined],
    ["no token", { receivedAt: 0 }],
    ["an empty token", { accessToken: "", receivedAt: 0 }],
    ["a token that no header can hold", { accessToken: "line\nbreak", receivedAt: 0 }],
    ["an empty refresh token", { accessToken: "access", receivedAt: 0, refreshToken: "" }],
    ["a refresh token that is no text", { accessToken: "access", receivedAt: 0, refreshToken: 7 }],
    ["an expiry that is no time", { accessToken: "access", receivedAt: 0, expiresAt: Number.NaN }],
  ])("[54] a provider that yields %s fails, and its token is not used", async (_, tokens) => {
    const provider = { name: "careless", origins: [origin], login: async () => tokens } as unknown as AuthProvider; // wrong on purpose
    const auth = createAuth(provider, { clock: manualClock(), fetch: async () => expect.unreachable("a request goes out") });
    await expect(auth.fetch(url)).rejects.toMatchObject({
      code: "token-response-malformed",
      message: "careless: login yielded no token set",
    });
  });
});

describe("a refresh that is refused", () => {
  it("[52] ends the session when the held token does; from then on calls fail and nothing is sent", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer);
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    const failure = await failureOf(issuer, () => auth.fetch(url));
    expect(failure).toBeInstanceOf(LoginRequiredError);
    expect(failure.cause).toBeInstanceOf(RefreshRejectedError);
    expect(auth.status).toMatchObject({ state: "logged-out", renewing: false, error: { code: "login-required" } });
    expect(types().slice(-3)).toEqual(["grant-started", "grant-failed", "session-ended"]);
    const outcomes = await Promise.allSettled(times(100, () => auth.fetch(url)));
    expect(outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason.code === "login-required")).toBe(true);
    await issuer.clock.advance(hour);
    await auth.getToken().catch(() => {});
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
    expect(issuer.requests).toEqual([]);
    expect(types().filter((type) => type === "session-ended")).toHaveLength(1);
  });

  it("[52, 55] latches at once, and the held token is served to its real end", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer);
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(270_000);
    expect((await auth.fetch(url)).status).toBe(200);
    await settled();
    expect(types().slice(-2)).toEqual(["grant-started", "grant-failed"]);
    expect(auth.status).toMatchObject({ state: "stale", error: { code: "login-required" } });
    await issuer.clock.advance(29_999);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(1);
    await issuer.clock.advance(1);
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "login-required" });
    expect(auth.status.state).toBe("logged-out");
    expect(types().at(-1)).toBe("session-ended");
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[52] is forgotten after login()", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await failureOf(issuer, () => auth.getToken());
    await auth.login(ada);
    expect(auth.status).toMatchObject({ state: "fresh" });
    expect(auth.status.error).toBeUndefined();
    await issuer.clock.advance(300_000);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 2, refresh: 2, revoke: 0 });
  });

  it("[52] is forgotten when another holder brings a newer token set of the same user", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await failureOf(issuer, () => auth.getToken());
    await open(issuer, { store }).auth.login(ada);
    await settled();
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(auth.status.state).toBe("fresh");
  });

  it("[52] is obeyed by a session opened later: it sends nothing", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await failureOf(issuer, () => auth.getToken());
    const later = open(issuer, { store });
    await expect(later.auth.getToken()).rejects.toMatchObject({ code: "login-required" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[52, 103] is remembered in the record while another holder logs in, and if that one dies", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await failureOf(issuer, () => auth.getToken());
    issuer.hold("login");
    open(issuer, { store, credentials: ada })
      .auth.getToken()
      .catch(() => {});
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    await expect(open(issuer, { store }).auth.getToken()).rejects.toMatchObject({ code: "login-required" });
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
  });

  it("[50] never removes tokens from the store: it adds a failure", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await failureOf(issuer, () => auth.getToken());
    expect(store.history.every(({ tokens }) => tokens?.refreshToken === "refresh-1")).toBe(true);
    expect(await store.load()).toMatchObject({ failure: { code: "refresh-rejected" } });
  });

  it("[56] with credentials at hand leads to one login, and no call notices", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    const responses = await Promise.all(times(20, () => auth.fetch(url)));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
    expect(types().slice(2)).toEqual(["grant-started", "token-issued"]);
    await issuer.clock.advance(300_000);
    await auth.getToken();
    expect(issuer.sent).toEqual({ login: 2, refresh: 2, revoke: 0 });
  });

  it("[56] with credentials that are refused too is final", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    await open(issuer, { store }).auth.login(ada);
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    const { auth } = open(issuer, { store, credentials: wrong });
    expect(await failureOf(issuer, () => auth.fetch(url))).toBeInstanceOf(CredentialsRejectedError);
    await Promise.allSettled(times(100, () => auth.fetch(url)));
    await issuer.clock.advance(hour);
    await auth.fetch(url).catch(() => {});
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
  });

  it("[58] an answer without a refresh token keeps the old one", async () => {
    const issuer = createIssuer({ refreshTokens: "kept" });
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    for (const accessToken of ["access-ada-2", "access-ada-3"]) {
      await auth.getToken({ renew: true });
      expect((await store.load())?.tokens).toMatchObject({ accessToken, refreshToken: "refresh-1" });
    }
    expect(issuer.sent).toEqual({ login: 1, refresh: 2, revoke: 0 });
  });

  it("[58] an answer with a refresh token replaces both tokens in one step", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await auth.getToken({ renew: true });
    await auth.getToken({ renew: true });
    const pairs = store.history.map(({ tokens }) => `${tokens?.accessToken} ${tokens?.refreshToken}`);
    expect(new Set(pairs)).toEqual(new Set(["access-ada-1 refresh-1", "access-ada-2 refresh-2", "access-ada-3 refresh-3"]));
  });
});

describe("credentials that are refused", () => {
  it("[83] a hundred calls with a wrong password cause one attempt, and none ever after", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer, { credentials: wrong });
    const outcomes = await Promise.allSettled(times(100, () => auth.fetch(url)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "credentials-rejected" } });
    await issuer.clock.advance(hour);
    await expect(auth.getToken({ renew: true })).rejects.toBeInstanceOf(CredentialsRejectedError);
    expect(issuer.sent.login).toBe(1);
    expect(issuer.failedLogins("ada")).toBe(1);
    expect(auth.status.state).toBe("logged-out");
    expect(types()).toEqual(["grant-started", "grant-failed", "session-ended"]);
  });

  it("[83] eight sessions with one store and a wrong password cause one attempt", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const sessions = times(8, () => open(issuer, { credentials: wrong, store }).auth);
    const outcomes = Promise.allSettled(sessions.map((auth) => auth.fetch(url)));
    await issuer.clock.advance(8_000);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "credentials-rejected" } });
    expect(issuer.failedLogins("ada")).toBe(1);
  });

  it("[8, 83] cause one attempt by eight sessions also where another user's session is stored, and leave that one alone", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const owner = open(issuer, { store });
    await owner.auth.login(ben);
    const sessions = times(8, () => open(issuer, { credentials: wrong, store }).auth);
    const outcomes = Promise.allSettled(sessions.map((auth) => auth.getToken()));
    await issuer.clock.advance(8_000);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "credentials-rejected" } });
    expect(issuer.failedLogins("ada")).toBe(1);
    expect(await owner.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ben-2" });
    expect(await store.load()).toEqual({
      format: 1,
      revision: expect.any(Number),
      identity: "issuer ben",
      tokens: expect.objectContaining({ accessToken: "access-ben-2" }),
    });
  });

  it("[52, 83] stay refused after a restart; other ones are tried", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    await Promise.allSettled([open(issuer, { credentials: wrong, store }).auth.getToken()]);
    const message = 'issuer: an earlier attempt failed with "credentials-rejected"; login() or other credentials are needed';
    await expect(open(issuer, { credentials: wrong, store }).auth.getToken()).rejects.toEqual(new CredentialsRejectedError(message));
    expect(issuer.failedLogins("ada")).toBe(1);
    expect(await open(issuer, { credentials: ada, store }).auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[52] a credentials function that yields others ends the refusal; the same ones are not sent again", async () => {
    const issuer = createIssuer();
    let password = "horse correct";
    const { auth, types } = open(issuer, { credentials: () => ({ username: "ada", password }) });
    for (let call = 0; call < 3; call++) await expect(auth.getToken()).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(issuer.failedLogins("ada")).toBe(1);
    expect(types()).toEqual(["grant-started", "grant-failed", "session-ended"]);
    password = ada.password;
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
    expect(issuer.sent.login).toBe(2);
  });

  it("[52] are those of one person: a function that yields another's ends the session, and the next one is that person's", async () => {
    const issuer = createIssuer();
    let user = ada;
    const { auth, events } = open(issuer, { credentials: () => user });
    await auth.getToken();
    issuer.killRefreshTokens();
    user = ben;
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({
      code: "superseded",
      message: "issuer: the credentials are now somebody else's",
    });
    expect(events.at(-1)).toEqual({ type: "session-ended", reason: "superseded" });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ben-2" });
  });

  it("[46] that a function yields after a logout, another's at that, change nothing", async () => {
    const issuer = createIssuer();
    const given = [Promise.resolve(ada)];
    let give = (_user: typeof ada) => {};
    const pending = new Promise<typeof ada>((resolve) => {
      give = resolve;
    });
    const { auth, types } = open(issuer, { credentials: () => given.shift() ?? pending });
    await auth.getToken();
    issuer.killRefreshTokens();
    const call = auth.getToken({ renew: true }).catch((error) => error.code);
    await settled();
    await auth.logout();
    give(ben);
    await settled();
    expect(await call).toBe("logged-out");
    expect(auth.status).toMatchObject({ state: "logged-out", error: { code: "logged-out" } });
    expect(types().filter((type) => type === "session-ended")).toHaveLength(1);
  });

  it("[83] login() with a wrong password leaves the session as it is, and a renewal under way", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer);
    await auth.login(ada);
    const renewal = issuer.hold("refresh");
    const renewed = auth.getToken({ renew: true });
    await renewal.arrived;
    await expect(auth.login(wrong)).rejects.toBeInstanceOf(CredentialsRejectedError);
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", grant: "login", reason: "login", code: "credentials-rejected" });
    renewal.release();
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(auth.status).toMatchObject({ state: "fresh" });
  });

  it("[83] login() with a wrong password of the session's own sends it for all", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: wrong });
    const refusal = await auth.login().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CredentialsRejectedError);
    await expect(auth.getToken()).rejects.toBe(refusal);
    expect(issuer.failedLogins("ada")).toBe(1);
  });

  it("[52] are told as the cause to a session on the same store that has none", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    await expect(open(issuer, { store, credentials: wrong }).auth.getToken()).rejects.toBeInstanceOf(CredentialsRejectedError);
    await expect(open(issuer, { store }).auth.getToken()).rejects.toMatchObject({
      code: "login-required",
      message: "issuer: no session to renew; call login()",
      cause: { code: "credentials-rejected" },
    });
  });

  it("[57] a challenge nobody answers is a typed error that names it, and is not provoked again", async () => {
    let logins = 0;
    const provider: AuthProvider = {
      name: "demanding",
      origins: [origin],
      async login() {
        logins++;
        throw new ChallengeRequiredError("demanding: login needs a further step", { challenge: "NEW_PASSWORD_REQUIRED" });
      },
    };
    const clock = manualClock();
    const auth = createAuth(provider, { clock });
    for (let call = 0; call < 3; call++) {
      await expect(auth.fetch(url)).rejects.toMatchObject({ code: "challenge-required", challenge: "NEW_PASSWORD_REQUIRED" });
      await clock.advance(2 * hour);
    }
    expect(logins).toBe(1);
  });
});

it("[56] a lease of one's own that could not be given back does not make a login of the next refresh", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store, credentials: ada });
  await auth.getToken();
  issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 408 }));
  const refresh = issuer.hold("refresh");
  const renewed = auth.getToken({ renew: true }).catch((error) => error.code);
  await refresh.arrived;
  store.fail("save", new Error("disk full"));
  refresh.release();
  expect(await renewed).toBe("token-request-failed");
  expect(await store.load()).toHaveProperty("lease");
  await issuer.clock.advance(1_500);
  expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
  expect(issuer.sent).toEqual({ login: 1, refresh: 2, revoke: 0 });
});

describe("what the record says of a failure", () => {
  const failureIn = async (provider: AuthProvider<User>) => {
    const store = memoryStore();
    const clock = manualClock();
    const auth = createAuth(provider, { store, clock, credentials: ada });
    for (const options of [{}, { renew: true }]) await auth.getToken(options).catch(() => {});
    return (await store.load())?.failure;
  };
  const tokens = { accessToken: "access", refreshToken: "refresh", receivedAt: 0 };
  const base = { name: "example", origins: [origin], credentials: ["username", "password"] } as const;

  it("[51, 52] names credentials only where a login was refused for good", async () => {
    const transient = await failureIn({ ...base, login: () => Promise.reject(new TokenRequestError("no", { status: 408 })) });
    expect(transient).toEqual({ code: "token-request-failed", retryAt: expect.any(Number) });
    const unasked = await failureIn({
      ...base,
      login: async () => tokens,
      refresh: () => Promise.reject(new LoginRequiredError("no", { cause: new Error("the user has left") })),
    });
    expect(unasked).toEqual({ code: "login-required" });
    const refused = await failureIn({ ...base, login: () => Promise.reject(new CredentialsRejectedError("no")) });
    expect(refused).toEqual({ code: "credentials-rejected", credentials: expect.any(String) });
  });

  it("[56] a login that fails with the error of a refresh is not repeated for ever", async () => {
    let logins = 0;
    const failure = await failureIn({
      ...base,
      login() {
        logins++;
        return Promise.reject(new RefreshRejectedError("no"));
      },
    });
    expect(failure).toEqual({ code: "refresh-rejected", retryAt: expect.any(Number) });
    expect(logins).toBe(1);
  });
});

it("[48, 50] a renewal of the old user that fails after another one has logged in forbids nothing", async () => {
  const issuer = createIssuer();
  const { auth } = open(issuer);
  await auth.login(ada);
  const answer = issuer.hold("refresh answer", 1);
  const old = auth.getToken({ renew: true }).catch((error) => error.code);
  await answer.arrived;
  await auth.login(ben);
  issuer.fail("refresh answer", new TokenRequestError("issuer: refresh failed", { status: 408 }));
  answer.release();
  expect(await old).toBe("superseded");
  await settled();
  expect(auth.status).not.toHaveProperty("error");
  expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ben-4" });
});

describe("an answer that is lost after the server has rotated", () => {
  it("[84] leads to one repeat in the flight, which a grace period lets succeed", async () => {
    const issuer = createIssuer({ grace: 60_000 });
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.fail("refresh answer", networkError());
    const token = auth.getToken({ renew: true });
    await issuer.clock.advance(1_000);
    expect(await token).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent.refresh).toBe(2);
    expect(issuer.doubleSpending).toEqual([]);
  });

  it("[84] is tried again only when its time has come, if the repeat is lost too", async () => {
    const issuer = createIssuer({ grace: 60_000 });
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.fail("refresh answer", networkError(), 2);
    const { retryAt = 0 } = await failureOf(issuer, () => auth.getToken({ renew: true }));
    await auth.getToken({ renew: true }).catch(() => {});
    expect(issuer.sent.refresh).toBe(2);
    await issuer.clock.advance(retryAt - issuer.clock.now());
    await auth.getToken({ renew: true });
    expect(issuer.sent.refresh).toBe(3);
  });

  it("[84] without a grace period ends in a login where there are credentials", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.fail("refresh answer", networkError());
    const token = auth.getToken({ renew: true });
    await issuer.clock.advance(1_000);
    const { accessToken } = await token;
    expect(issuer.isLive(accessToken)).toBe(true);
    expect(issuer.sent).toEqual({ login: 2, refresh: 2, revoke: 0 });
  });

  it("[84] without a grace period and without credentials ends the session with a typed error", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.fail("refresh answer", networkError());
    expect(await failureOf(issuer, () => auth.getToken({ renew: true }))).toBeInstanceOf(LoginRequiredError);
    expect(grantsOf(issuer)).toBe(3);
  });
});

describe("a client that retries our errors", () => {
  it.each([
    ["final", new CredentialsRejectedError("issuer: login failed with status 401"), 1],
    ["transient", new TokenRequestError("issuer: login failed with status 408", { status: 408 }), 1],
  ])("[102] causes no further call of the token endpoint after a %s one", async (_, error, sends) => {
    const issuer = createIssuer();
    issuer.fail("login", error);
    const { auth } = open(issuer, { credentials: ada });
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(auth.fetch(url)).rejects.toMatchObject({ code: error.code });
      await issuer.clock.advance(150);
    }
    expect(grantsOf(issuer)).toBe(sends);
  });
});
