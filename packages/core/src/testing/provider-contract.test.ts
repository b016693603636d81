import { describe, expect, it } from "vitest";
import {
  type AuthError,
  type AuthProvider,
  CredentialsRejectedError,
  checkOptions,
  explain,
  type Fetch,
  type GrantContext,
  RefreshRejectedError,
  type TokenAnswer,
  TokenRequestError,
  type TokenSet,
  text,
  tokenRequest,
  tokenSet,
  unexpected,
} from "../provider/index.ts";
import { type ProviderSubject, providerContract } from "./index.ts";

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const api = "https://api.example.com";
const right: Credentials = { username: "ann", password: "Correct-Horse-9!" };
const wrong: Credentials = { username: "ann", password: "Wrong-Horse-9!" };
const now = () => Date.UTC(2026, 0, 1);

/** A vendor's server: it knows one user, and every refresh token works once. */
function server(): Fetch {
  const refreshTokens = new Set<string>();
  let issued = 0;
  const tokens = () => {
    issued += 1;
    refreshTokens.add(`refresh-token-${issued}`);
    return Response.json({ token: `access-token-${issued}`, refresh: `refresh-token-${issued}`, ttl: 3600 });
  };
  return async (input, init) => {
    const request = new Request(input, init);
    const body = await request.json();
    if (request.url.endsWith("/logout")) return new Response(null, { status: 204 });
    if (request.url.endsWith("/refresh")) return refreshTokens.delete(body.refresh) ? tokens() : refusal("dead");
    return body.password === right.password ? tokens() : refusal("wrong_password");
  };
}

const refusal = (code: string) => Response.json({ code }, { status: 401 });

type Provider = AuthProvider<Credentials> & Required<Pick<AuthProvider, "refresh" | "revoke">>;

function vendor(options: { readonly clientId: string }): Provider {
  checkOptions("vendor()", options, { clientId: text });
  const call = async (operation: string, path: string, body: object, context: GrantContext) => {
    const answer = await tokenRequest({ provider: "vendor", operation, url: api + path, body: JSON.stringify(body) }, context);
    if (answer.ok) return answer;
    const { code } = answer.body;
    if (code === "wrong_password") throw new CredentialsRejectedError(explain(answer, code));
    if (code === "dead") throw new RefreshRejectedError(explain(answer, code));
    throw unexpected(answer, code);
  };
  const read = (answer: TokenAnswer) =>
    tokenSet(answer, { accessToken: answer.body.token, refreshToken: answer.body.refresh, expiresIn: answer.body.ttl });
  return {
    name: "vendor",
    configuration: options.clientId,
    origins: [api],
    endpoints: ["/login", "/refresh", "/logout"].map((path) => api + path),
    credentials: ["username", "password"],
    login: async (credentials, context) => read(await call("login", "/login", credentials, context)),
    refresh: async ({ refreshToken }, context) => read(await call("refresh", "/refresh", { refresh: refreshToken }, context)),
    async revoke({ refreshToken }, context) {
      await call("revoke", "/logout", { refresh: refreshToken }, context);
    },
  };
}

function subject(changed: Partial<ProviderSubject<Credentials>> = {}): ProviderSubject<Credentials> {
  return {
    provider: () => vendor({ clientId: "client" }),
    credentials: right,
    wrongCredentials: wrong,
    fetch: server(),
    now,
    secrets: [right.password],
    wrongOptions: [{ option: "clientId", create: () => vendor({ clientId: "" }) }],
    ...changed,
  };
}

/** A subject whose provider is like the right one but for what `change` returns. */
const broken = (change: (provider: Provider) => Partial<AuthProvider<Credentials>>): ProviderSubject<Credentials> =>
  subject({
    provider() {
      const provider = vendor({ clientId: "client" });
      return { ...provider, ...change(provider) };
    },
  });

/** Names of the cases that fail. */
async function complaints(of: ProviderSubject<Credentials>): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of providerContract(of)) {
    await run().catch((error: Error) => names.push(`${name}: ${error.message}`));
  }
  return names;
}

/** As parseFloat() reads a lifetime. */
async function firstDigits(answer: Response): Promise<Response> {
  const { ttl, ...body } = await answer.json();
  return Response.json({ ...body, ttl: Number.parseFloat(ttl) }, { status: answer.status });
}

/** Sends requests as `change` says. */
const through =
  (change: (fetch: Fetch) => Fetch) =>
  (context: GrantContext): GrantContext => ({ ...context, fetch: change(context.fetch) });

describe("a provider as it should be", () => {
  for (const { name, run } of providerContract(subject())) it(name, run);
});

describe("the contract catches a provider that", () => {
  const withInit = (init: RequestInit) => through((fetch) => (input, given) => fetch(input, { ...given, ...init }));
  const loginThrough = (change: (context: GrantContext) => GrantContext) =>
    broken((provider) => ({ login: (credentials, context) => provider.login(credentials, change(context)) }));
  const answering = (change: (tokens: TokenSet) => unknown) =>
    broken((provider) => ({ login: async (credentials, context) => change(await provider.login(credentials, context)) as TokenSet })); // broken on purpose
  const failingWith = (change: (error: AuthError, credentials: Credentials) => unknown) =>
    broken((provider) => ({
      login: (credentials, context) =>
        provider.login(credentials, context).catch((error: AuthError) => {
          throw change(error, credentials);
        }),
    }));

  let last: Credentials | undefined;
  const cases: readonly (readonly [what: string, subject: ProviderSubject<Credentials>, complaint: RegExp])[] = [
    ["[73] follows redirects", loginThrough(withInit({ redirect: "follow" })), /^login follows no redirect.*redirect is "follow"/],
    ["[73] allows a cache", loginThrough(withInit({ cache: "default" })), /cache is "default"/],
    ["[73] sends cookies", loginThrough(withInit({ credentials: "include" })), /credentials is "include"/],
    ["ignores its signal", loginThrough(withInit({ signal: null })), /^login ends with context.signal.*does not carry/],
    [
      "[71] puts a password into a URL",
      broken((provider) => ({
        login: (credentials, context) =>
          provider.login(
            credentials,
            through((fetch) => (_, init) => fetch(`${api}/login?p=${encodeURIComponent(credentials.password)}`, init))(context),
          ),
      })),
      /^login sends no secret in a URL: a URL holds a secret/,
    ],
    [
      "uses a fetch of its own",
      broken((provider) => {
        const own = server();
        return { login: (credentials, context) => provider.login(credentials, through(() => own)(context)) };
      }),
      /nothing is sent through context.fetch/,
    ],
    [
      "lists no credentials that it cannot do without",
      broken(() => ({ credentials: [] })),
      /^credentials whose texts an environment lacks are a TypeError, and nothing is sent: the error is no TypeError/,
    ],
    ["hands out no tokens", answering(() => undefined), /^login yields a token set: there is no token set/],
    ["hands out dates", answering((tokens) => ({ ...tokens, scope: new Date(now()) })), /"scope" is neither text nor a number/],
    ["reads seconds as ms", answering((tokens) => ({ ...tokens, expiresAt: 3600 })), /expiresAt lies/],
    ["keeps a clock of its own", answering((tokens) => ({ ...tokens, receivedAt: Date.now() })), /receivedAt is not the time/],
    ["throws the platform's errors", failingWith(({ cause }) => cause ?? new TypeError("failed")), /is no AuthError/],
    [
      "takes a wrong password for an outage",
      failingWith(({ message }) => new TokenRequestError(message)),
      /^wrong credentials are a CredentialsRejectedError: the error has the code "token-request-failed"/,
    ],
    ["names nothing", failingWith(() => new TokenRequestError("failed")), /the message does not name "vendor" and "login"/],
    [
      "[71] shows the password in a message",
      failingWith((_, { password }) => new CredentialsRejectedError(`vendor: login failed for ${password}`)),
      /the error holds a secret/,
    ],
    [
      "[71] hides the password in a cause",
      failingWith(({ message }, { password }) => new CredentialsRejectedError(message, { cause: { sent: password } })),
      /the error.cause.sent holds a secret/,
    ],
    [
      "remembers who logged in last",
      broken((provider) => ({
        async login(credentials, context) {
          last = credentials;
          await Promise.resolve();
          return provider.login(last, context);
        },
      })),
      /^two logins at once do not disturb each other: right credentials fail/,
    ],
    [
      "writes to what it is given",
      broken((provider) => ({ refresh: (tokens, context) => provider.refresh(Object.assign(tokens, { scope: "all" }), context) })),
      /^refresh yields a token set, also after a restart: /,
    ],
    [
      "needs the provider that logged in",
      broken((provider) => {
        const known = new Set<string | undefined>();
        return {
          async login(credentials, context) {
            const tokens = await provider.login(credentials, context);
            known.add(tokens.refreshToken);
            return tokens;
          },
          async refresh(tokens, context) {
            if (!known.has(tokens.refreshToken)) throw new RefreshRejectedError("vendor: refresh failed");
            return provider.refresh(tokens, context);
          },
        };
      }),
      /^refresh yields a token set, also after a restart: vendor: refresh failed/,
    ],
    [
      "refreshes elsewhere",
      broken((provider) => ({
        refresh: (tokens, context) =>
          provider.refresh(tokens, through((fetch) => (_, init) => fetch("https://elsewhere.example/refresh", init))(context)),
      })),
      /^refresh sends tokens nowhere but .*tokens are sent to https:\/\/elsewhere.example/,
    ],
    [
      "[85] swallows a failed logout",
      broken((provider) => ({ revoke: (...call) => provider.revoke(...call).catch(() => {}) })),
      /revoke does not fail/,
    ],
    [
      "[85] wants a body from a logout",
      broken((provider) => ({ revoke: async (...call) => void (await provider.refresh(...call)) })),
      /^revoke takes an empty 200 for done: /,
    ],
    ["names users by their password", broken(() => ({ identity: ({ password }) => password })), /identity holds a secret/],
    ["is somebody else each time", broken(() => ({ configuration: String(Math.random()) })), /differ in name, configuration or identity/],
    ["takes a path for an origin", broken(() => ({ origins: [`${api}/v1`] })), /is not an origin/],
    ["declares what nobody gives", broken(() => ({ credentials: ["username", "pin" as "password"] })), /the credentials lack "pin"/],
    [
      "[71] attaches the refresh token",
      broken(() => ({ authorize: (headers, { refreshToken = "" }) => headers.set("authorization", refreshToken) })),
      /^a request gets a token, and nothing more secret: a header holds a secret/,
    ],
    ["attaches nothing", broken(() => ({ authorize: () => {} })), /no header holds a token/],
    [
      "[32] reads the caller's body",
      broken(() => ({ isUnauthorized: async (response) => (await response.text()) === "expired" })),
      /the body of a 200 is read/,
    ],
    [
      "[33] has an endpoint that it does not name",
      broken(({ endpoints = [] }) => ({ endpoints: endpoints.slice(0, 2) })),
      /^\[33\] what it sends .*: revoke goes to \/logout, which is none of its endpoints/,
    ],
    [
      "[160] reads a long 401 to its end",
      broken(() => ({ isUnauthorized: async (response) => (await response.clone().text()) !== "" })),
      /^isUnauthorized reads no more than it needs .* bytes are read/,
    ],
    [
      "[161] reads a long answer to its end",
      loginThrough(
        through(
          (fetch) =>
            async (...call) =>
              new Response(await (await fetch(...call)).text()),
        ),
      ),
      /^login reads no more than 2 MiB of an answer: .* bytes are read/,
    ],
    [
      "[162] reads the first digits of a lifetime in words",
      loginThrough(
        through(
          (fetch) =>
            async (...call) =>
              firstDigits(await fetch(...call)),
        ),
      ),
      /^login takes a lifetime in words for unknown: /,
    ],
    [
      "[163] reads an odd Retry-After as no wait",
      failingWith((error) => (error.code === "token-request-failed" ? new TokenRequestError(error.message, { retryAfter: 0 }) : error)),
      /^login takes an odd Retry-After for none: "0" is read as 0 ms/,
    ],
    [
      "accepts any option",
      subject({ wrongOptions: [{ option: "clientId", create: () => ({}) }] }),
      /^a wrong "clientId" is a TypeError that names it: the option is accepted/,
    ],
  ];

  it.each(cases)("%s", async (_what, subject, complaint) => {
    expect(await complaints(subject)).toContainEqual(expect.stringMatching(complaint));
  });

  it("[54] takes a server's words, a proxy's page or a refusal without a code for tokens", async () => {
    const credulous = broken((provider) => ({
      login: async (credentials, context) =>
        provider.login(credentials, context).catch(() => ({ accessToken: "made-up", receivedAt: context.now() })),
    }));
    const found = await complaints(credulous);
    const expected = [
      /HTML page/,
      /empty 200/,
      /without tokens/,
      /JSON list/,
      /JSON null/,
      /cut off/,
      /OAuth error/,
      /AWS/,
      /503$/,
      /429$/,
      /redirect/,
      /network error/,
    ];
    for (const what of expected) expect(found.map((line) => line.split(":")[0])).toContainEqual(expect.stringMatching(what));
  });

  it("forgets how long a server asked to wait", async () => {
    const found = await complaints(
      failingWith((error) => (error.code === "token-request-failed" ? new TokenRequestError(error.message) : error)),
    );
    expect(found).toContainEqual(expect.stringMatching(/^login fails on a 503 with Retry-After: retryAfter is undefined, not 7000/));
    expect(found).toContainEqual(expect.stringMatching(/^login fails on a 503 with a date to retry after: /));
  });
});

describe("a vendor that wants a secret in a URL", () => {
  it("is excused where the subject says why", () => {
    const excused = providerContract(subject({ secretsInUrl: { grants: ["revoke"], reason: "its logout takes the token as a query" } }));
    const names = excused.map(({ name }) => name);
    expect(names).toContain("login sends no secret in a URL");
    expect(names).not.toContain("revoke sends no secret in a URL");
  });
});
