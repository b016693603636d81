import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import type { AuthProvider, GrantContext, TokenSet } from "@keyturn/core/provider";
import { grantContext } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { clientCredentials, extensionGrant, type OAuthOptions, oauthProvider, password } from "./index.ts";

const issued = { access_token: "at-1", token_type: "Bearer", expires_in: 3600 };
const user = { username: "ada", password: "pw-secret" };
const options: OAuthOptions = {
  tokenEndpoint: "https://login.example.com/token",
  revocationEndpoint: "https://login.example.com/revoke",
  clientId: "client:1",
  clientSecret: "s/ecret +é",
};
const held: TokenSet = { accessToken: "at-0", refreshToken: "rt-0", receivedAt: 0 };

interface Sent {
  readonly request: Request;
  readonly form: Readonly<Record<string, string>>;
}

/** Answers every request alike and keeps what was sent. */
function server(answer: () => Response | Promise<Response>): GrantContext & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const context = grantContext({
    now: () => 1_000_000,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push({ request, form: Object.fromEntries(new URLSearchParams(await request.clone().text())) });
      return answer();
    },
  });
  return { ...context, sent };
}

function answering(body: unknown, status = 200, headers: Record<string, string> = {}): ReturnType<typeof server> {
  return server(() => Response.json(body, { status, headers }));
}

function login(provider: AuthProvider, context: GrantContext): Promise<TokenSet> {
  return provider.login(undefined, context);
}

async function failureOf(work: Promise<unknown> | undefined): Promise<Record<string, unknown>> {
  return (await work?.then(
    () => ({ code: "none" }),
    (error) => error,
  )) as Record<string, unknown>; // read member by member in the assertions
}

describe("client credentials", () => {
  it("asks with form-urlencoded Basic, as RFC 6749 section 2.3.1 has it, and nothing else of the client", async () => {
    const context = answering(issued);
    await login(clientCredentials({ ...options, scope: "read write", audience: "api", resource: "https://api.example.com/" }), context);
    const [sent] = context.sent;
    expect(sent?.request.method).toBe("POST");
    expect(sent?.request.url).toBe("https://login.example.com/token");
    expect(sent?.request.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    expect(sent?.request.headers.get("authorization")).toBe(`Basic ${btoa("client%3A1:s%2Fecret+%2B%C3%A9")}`);
    expect(sent?.form).toEqual({
      grant_type: "client_credentials",
      scope: "read write",
      audience: "api",
      resource: "https://api.example.com/",
    });
  });

  it("sends the secret in the form where the server wants it there", async () => {
    const context = answering(issued);
    await login(clientCredentials({ ...options, clientAuthentication: "client_secret_post" }), context);
    expect(context.sent[0]?.request.headers.has("authorization")).toBe(false);
    expect(context.sent[0]?.form).toEqual({
      grant_type: "client_credentials",
      client_id: options.clientId,
      client_secret: options.clientSecret,
    });
  });

  it("sends the client id alone where that is asked for", async () => {
    const context = answering(issued);
    await login(clientCredentials({ tokenEndpoint: options.tokenEndpoint, clientId: "public", clientAuthentication: "none" }), context);
    expect(context.sent[0]?.request.headers.has("authorization")).toBe(false);
    expect(context.sent[0]?.form).toEqual({ grant_type: "client_credentials", client_id: "public" });
  });

  it("asks for the environment variable of a secret that is missing: no public client may use this grant", () => {
    const message = 'clientCredentials(): option "clientSecret" is missing; is its environment variable set?';
    expect(() => clientCredentials({ ...options, clientSecret: undefined })).toThrow(message);
  });

  it("has no refresh: renewing is to log in again", () => {
    expect(clientCredentials(options).refresh).toBeUndefined();
    expect(clientCredentials(options).credentials).toBeUndefined();
  });

  it("73: goes through the given fetch without redirects, cache or ambient credentials, and ends with the signal", async () => {
    const context = answering(issued);
    const abort = new AbortController();
    await login(clientCredentials(options), { ...context, signal: abort.signal });
    const request = context.sent[0]?.request;
    expect(request).toMatchObject({ redirect: "manual", cache: "no-store", credentials: "omit" });
    abort.abort();
    expect(request?.signal.aborted).toBe(true);
  });

  it("counts the lifetime from the start of the request", async () => {
    const clock = { now: 5_000 };
    const context = server(() => {
      clock.now += 700;
      return Response.json(issued);
    });
    const tokens = await login(clientCredentials(options), { ...context, now: () => clock.now });
    expect(tokens).toEqual({ accessToken: "at-1", tokenType: "Bearer", receivedAt: 5_000, expiresAt: 3_605_000 });
  });

  it.each([
    ["3600", 4_600_000],
    [-1, undefined],
    ["soon", undefined],
    [undefined, undefined],
    [0, undefined],
  ])("16: reads expires_in %j", async (expires_in, expiresAt) => {
    const tokens = await login(clientCredentials(options), answering({ ...issued, expires_in }));
    expect(tokens.expiresAt).toBe(expiresAt);
  });

  it("takes a token type in any case, and a missing one for Bearer", async () => {
    await expect(login(clientCredentials(options), answering({ ...issued, token_type: "bEARER" }))).resolves.toMatchObject({
      accessToken: "at-1",
    });
    await expect(login(clientCredentials(options), answering({ access_token: "at-1" }))).resolves.toMatchObject({ accessToken: "at-1" });
  });

  it.each(["DPoP", "mac", "N_A"])("does not use a token of type %s", async (token_type) => {
    const error = await failureOf(login(clientCredentials(options), answering({ ...issued, token_type })));
    expect(error).toMatchObject({ code: "token-response-malformed", message: expect.stringContaining(token_type) });
  });
});

describe("password", () => {
  it("trades user name and password, and then the refresh token", async () => {
    const provider = password({ ...options, scope: "read", audience: "api", resource: "https://api.example.com/" });
    const context = answering({ ...issued, refresh_token: "rt-1", id_token: "it-1", scope: "read" });
    const tokens = await provider.login(user, context);
    expect(tokens).toMatchObject({ accessToken: "at-1", refreshToken: "rt-1", idToken: "it-1", scope: "read" });
    await provider.refresh?.(tokens, context);
    expect(context.sent.map(({ form }) => form)).toEqual([
      { grant_type: "password", ...user, scope: "read", audience: "api", resource: "https://api.example.com/" },
      // The scope stays as granted (RFC 6749, section 6); the resource is asked for each time (RFC 8707, section 2.2).
      { grant_type: "refresh_token", refresh_token: "rt-1", resource: "https://api.example.com/" },
    ]);
  });

  it("58: leaves a refresh token out that the answer leaves out", async () => {
    const tokens = await password(options).refresh?.(held, answering(issued));
    expect(tokens).not.toHaveProperty("refreshToken");
  });

  it("8: is another session for another scope, audience, resource, client or server", () => {
    const variants: Partial<OAuthOptions>[] = [
      {},
      { scope: "read" },
      { audience: "read" },
      { resource: "read" },
      { clientId: "other" },
      { tokenEndpoint: "https://other.example.com/token" },
    ];
    const configurations = variants.map((variant) => password({ ...options, ...variant }).configuration);
    expect(new Set(configurations).size).toBe(variants.length);
    expect(new Set([...configurations, clientCredentials(options).configuration]).size).toBe(variants.length + 1);
    expect(JSON.stringify(configurations)).not.toContain("ecret");
  });
});

describe("extension grant", () => {
  const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  it("makes its parameters anew for each attempt", async () => {
    let made = 0;
    const provider = extensionGrant({ ...options, grantType: jwtBearer, parameters: async () => ({ assertion: `jwt-${++made}` }) });
    const context = answering(issued);
    await login(provider, context);
    await login(provider, context);
    expect(context.sent.map(({ form }) => form)).toEqual([
      { grant_type: jwtBearer, assertion: "jwt-1" },
      { grant_type: jwtBearer, assertion: "jwt-2" },
    ]);
  });

  it("makes them from the credentials it says it needs", async () => {
    const provider = extensionGrant<{ username: string; pin: string }>({
      ...options,
      grantType: "https://login.example.com/pin",
      credentials: ["username", "pin"],
      parameters: ({ username, pin }) => ({ username, pin, device: undefined }),
    });
    const context = answering(issued);
    await provider.login({ username: "ada", pin: "0000" }, context);
    expect(provider.credentials).toEqual(["username", "pin"]);
    expect(context.sent[0]?.form).toEqual({ grant_type: "https://login.example.com/pin", username: "ada", pin: "0000" });
  });
});

describe("revocation", () => {
  it("ends the refresh token, which takes the access token along", async () => {
    const context = server(() => new Response(null));
    await password(options).revoke?.(held, context);
    expect(context.sent[0]?.request.url).toBe(options.revocationEndpoint);
    expect(context.sent[0]?.request.headers.get("authorization")).toMatch(/^Basic /);
    expect(context.sent[0]?.request).toMatchObject({ redirect: "manual", cache: "no-store", credentials: "omit" });
    expect(context.sent[0]?.form).toEqual({ token: "rt-0", token_type_hint: "refresh_token" });
  });

  it("ends the access token where there is no other", async () => {
    const context = server(() => new Response(null));
    await clientCredentials(options).revoke?.({ accessToken: "at-0", receivedAt: 0 }, context);
    expect(context.sent[0]?.form).toEqual({ token: "at-0", token_type_hint: "access_token" });
  });

  it("is left out where the server has no endpoint for it", () => {
    const { revocationEndpoint: _, ...without } = options;
    expect(password(without).revoke).toBeUndefined();
    expect(password(without).endpoints).toEqual([options.tokenEndpoint]);
    expect(password(options).endpoints).toEqual([options.tokenEndpoint, options.revocationEndpoint]);
  });

  it.each([
    ["an empty 200", () => new Response(null)],
    ["{}", () => Response.json({})],
    ["a 204", () => new Response(null, { status: 204 })],
  ])("85: takes %s for success", async (_, answer) => {
    await expect(password(options).revoke?.(held, server(answer))).resolves.toBeUndefined();
  });

  it("85: says that a server refused or could not be reached", async () => {
    expect(await failureOf(password(options).revoke?.(held, answering({ error: "unsupported_token_type" }, 400)))).toMatchObject({
      code: "misconfigured",
      message: "oauth2: revoke failed with status 400 (unsupported_token_type): check the provider's options",
    });
    expect(await failureOf(password(options).revoke?.(held, answering({}, 503, { "retry-after": "2" })))).toMatchObject({
      code: "token-request-failed",
      retryAfter: 2000,
    });
  });
});

describe("failures", () => {
  const table: [status: number, error: string | undefined, login: string, refresh: string][] = [
    [400, "invalid_grant", "credentials-rejected", "refresh-rejected"],
    [403, "invalid_grant", "credentials-rejected", "refresh-rejected"],
    [200, "invalid_grant", "credentials-rejected", "refresh-rejected"],
    [200, "bad_refresh_token", "credentials-rejected", "refresh-rejected"],
    [200, "bad_verification_code", "credentials-rejected", "refresh-rejected"],
    [200, "incorrect_client_credentials", "misconfigured", "misconfigured"],
    [200, "redirect_uri_mismatch", "misconfigured", "misconfigured"],
    [200, "device_flow_disabled", "misconfigured", "misconfigured"],
    [401, "invalid_client", "misconfigured", "misconfigured"],
    [400, "unauthorized_client", "misconfigured", "misconfigured"],
    [400, "invalid_scope", "misconfigured", "misconfigured"],
    [400, "invalid_target", "misconfigured", "misconfigured"],
    [400, "unsupported_grant_type", "misconfigured", "misconfigured"],
    [400, "invalid_request", "misconfigured", "misconfigured"],
    [404, undefined, "misconfigured", "misconfigured"],
    [400, "slow_down", "token-request-failed", "token-request-failed"],
    [400, "temporarily_unavailable", "token-request-failed", "token-request-failed"],
    [429, undefined, "token-request-failed", "token-request-failed"],
    [408, undefined, "token-request-failed", "token-request-failed"],
    [500, "server_error", "token-request-failed", "token-request-failed"],
    [503, undefined, "token-request-failed", "token-request-failed"],
    [200, "something_else", "token-response-malformed", "token-response-malformed"],
  ];

  it.each(table)("51-54: %i %s is %s at login and %s at refresh", async (status, error, atLogin, atRefresh) => {
    const provider = password(options);
    const context = answering({ ...issued, error }, status);
    expect(await failureOf(provider.login(user, context))).toMatchObject({ code: atLogin });
    expect(await failureOf(provider.refresh?.(held, context))).toMatchObject({ code: atRefresh });
  });

  it("names provider, operation, status and the server's code", async () => {
    const { message } = await failureOf(password(options).login(user, answering({ error: "invalid_grant" }, 400)));
    expect(message).toBe("oauth2: login failed with status 400 (invalid_grant)");
  });

  it("reads the code also beside a WWW-Authenticate challenge and under another content type", async () => {
    const answer = () =>
      new Response('{"error":"invalid_grant"}', { status: 401, headers: { "www-authenticate": "Basic", "content-type": "text/plain" } });
    expect(await failureOf(password(options).login(user, server(answer)))).toMatchObject({ code: "credentials-rejected" });
  });

  it("keeps what the server says of the waiting time", async () => {
    const throttled = await failureOf(login(clientCredentials(options), answering({}, 429, { "retry-after": "7" })));
    expect(throttled).toMatchObject({ status: 429, retryAfter: 7000, repeats: 2 });
  });

  it.each([
    ["HTML", "<html>Sign in</html>"],
    ["nothing", ""],
    ["broken JSON", '{"access_token":'],
    ["JSON without a token", "{}"],
    ["an empty token", '{"access_token":""}'],
    ["a number for a token", '{"access_token":1}'],
    ["null", "null"],
  ])("54: takes %s for no token", async (_, body) => {
    const error = await failureOf(
      login(
        clientCredentials(options),
        server(() => new Response(body)),
      ),
    );
    expect(error).toMatchObject({ code: "token-response-malformed" });
  });

  it("keeps the reason why no answer came", async () => {
    const reason = new TypeError("fetch failed");
    const error = await failureOf(
      login(
        clientCredentials(options),
        server(() => Promise.reject(reason)),
      ),
    );
    expect(error).toMatchObject({ code: "token-request-failed", cause: reason, repeats: 1 });
    expect(error).not.toHaveProperty("status");
  });

  it("71: never shows what it sent, nor what the server said of it", async () => {
    const echo = { error: `no ${user.password}`, error_description: `${user.password} rt-0 at-1`, access_token: "at-1" };
    const provider = password({ ...options, clientSecret: "cs-secret" });
    for (const status of [200, 400, 401, 500]) {
      for (const work of [provider.login(user, answering(echo, status)), provider.refresh?.(held, answering(echo, status))]) {
        const error = await failureOf(work);
        const shown = [inspect(error, { depth: 9, showHidden: true }), error.message, error.stack, JSON.stringify(error)].join("\n");
        expect(shown).not.toMatch(/pw-secret|cs-secret|rt-0|at-1/);
      }
    }
  });

  it("asks a vendor's own classification first", async () => {
    const own = new TypeError("own");
    const provider = oauthProvider({
      ...{ ...options, clientId: "app" },
      name: "vendor",
      grantType: "password",
      classify: ({ body }) => (body.error === "vendor_code" ? (own as never) : undefined), // any error will do here
    });
    expect(await failureOf(provider.login(user, answering({ error: "vendor_code" }, 400)))).toBe(own);
    expect(await failureOf(provider.login(user, answering({ error: "invalid_grant" }, 400)))).toMatchObject({
      code: "credentials-rejected",
      message: "vendor: login failed with status 400 (invalid_grant)",
    });
  });
});

describe("in a session", () => {
  it("client credentials: a burst logs in once, and again once its token is refused", async () => {
    let logins = 0;
    const alive = new Set<string | null>();
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      const { url, headers } = new Request(input, init);
      if (url !== options.tokenEndpoint) return new Response(null, { status: alive.has(headers.get("authorization")) ? 200 : 401 });
      alive.add(`Bearer at-${++logins}`);
      return Response.json({ ...issued, access_token: `at-${logins}` });
    };
    const api = "https://api.example.com/orders";
    const auth = createAuth(clientCredentials(options), { origins: [api], fetch });
    const burst = async () => (await Promise.all(Array.from({ length: 20 }, () => auth.fetch(api)))).map(({ status }) => status);
    expect(new Set(await burst())).toEqual(new Set([200]));
    expect(logins).toBe(1);
    alive.clear();
    expect(new Set(await burst())).toEqual(new Set([200]));
    expect(logins).toBe(2);
  });
});

describe("options", () => {
  const wrong = (change: object): OAuthOptions => ({ ...options, ...change });

  it.each([
    [{ tokenEndpoint: "login.example.com/token" }, "tokenEndpoint"],
    [{ tokenEndpoint: "http://login.example.com/token" }, "tokenEndpoint"],
    [{ revocationEndpoint: "ftp://login.example.com/" }, "revocationEndpoint"],
    [{ clientId: "" }, "clientId"],
    [{ clientSecret: "" }, "clientSecret"],
    [{ clientAuthentication: "tls_client_auth" }, "clientAuthentication"],
    [{ clientSecret: undefined, clientAuthentication: "client_secret_post" }, "clientAuthentication"],
    [{ scope: ["read"] }, "scope"],
    [{ tokenUrl: "https://login.example.com/token" }, "tokenUrl"],
  ])("names the wrong one in %o", (change, name) => {
    expect(() => clientCredentials(wrong(change))).toThrow(TypeError);
    expect(() => clientCredentials(wrong(change))).toThrow(`"${name}"`);
    expect(() => password(wrong(change))).toThrow(`"${name}"`);
  });

  it("names a missing grant type or a wrong parameter maker", () => {
    const grant = { ...options, grantType: "urn:example:grant", parameters: () => ({}) };
    expect(() => extensionGrant({ ...grant, grantType: "" })).toThrow('"grantType"');
    expect(() => extensionGrant({ ...grant, parameters: { assertion: "jwt" } as never })).toThrow('"parameters"'); // what plain JavaScript may pass
    expect(() => extensionGrant({ ...grant, credentials: "username" as never })).toThrow('"credentials"'); // likewise
  });

  it("takes http on loopback, and sends it there", async () => {
    const context = answering(issued);
    await login(clientCredentials({ ...options, tokenEndpoint: "http://127.0.0.1:4444/token" }), context);
    expect(context.sent[0]?.request.url).toBe("http://127.0.0.1:4444/token");
  });
});
