/** What a client is given to start with. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
}

/** What the server counted. */
export interface Counts {
  tokenRequests: number;
  refused: number;
  unauthorized: number;
  served: number;
}

/** One authorization server with the API it protects, in one object: what it counts is the truth of every scenario. */
export interface Issuer {
  handle(request: Request): Promise<Response>;
  /** A new session at the server, as after a login. */
  begin(): Tokens;
  /** Refuses every access token issued so far, which no client can know. */
  expire(): void;
  /** Token requests wait before they are answered until the returned function is called. The refresh token is spent by then. */
  holdTokens(): () => void;
  /** The next token requests are answered with this status and error instead. */
  failTokens(count: number, status: number, error: string): void;
  /** Resolves when that many token requests have arrived. */
  arrived(tokenRequests: number): Promise<void>;
  /** Called with each API request before it is judged. */
  beforeApi: ((request: Request, body: ArrayBuffer) => Promise<void> | void) | undefined;
  readonly counts: Counts;
}

export interface IssuerOptions {
  /** Of an access token, in ms. */
  readonly lifetime: number;
  /** How long the token endpoint and the API take, in ms. Default 0: at once. */
  readonly tokenDelay?: number;
  readonly apiDelay?: number;
  /** Refresh tokens are good for one use; a second use ends the session at the server. Default true. */
  readonly rotation?: boolean;
}

const json = (status: number, body: object, headers?: HeadersInit): Response =>
  Response.json(body, { status, ...(headers && { headers }) });
const after = (ms: number): Promise<void> => (ms > 0 ? new Promise((settle) => setTimeout(settle, ms)) : Promise.resolve());

/** Speaks RFC 6749 and, for Supabase's client, the dialect of GoTrue. */
export function createIssuer({ lifetime, tokenDelay = 0, apiDelay = 0, rotation = true }: IssuerOptions): Issuer {
  const counts: Counts = { tokenRequests: 0, refused: 0, unauthorized: 0, served: 0 };
  const live = new Map<string, number>();
  let refreshTokens = new Map<string, { spent: boolean }>();
  let held = Promise.resolve();
  let failures: { count: number; status: number; error: string } = { count: 0, status: 0, error: "" };
  const arrivals = new Set<() => void>();
  let serial = 0;

  function issue(): Tokens {
    serial++;
    const expiresAt = Date.now() + lifetime;
    const accessToken = fakeJwt({ sub: "user", jti: String(serial), exp: Math.floor(expiresAt / 1000) });
    const refreshToken = `refresh-${serial}`;
    live.set(accessToken, expiresAt);
    refreshTokens.set(refreshToken, { spent: false });
    return { accessToken, refreshToken, expiresAt };
  }

  /** Reuse of a spent refresh token ends the whole family (RFC 9700, section 4.14.2). */
  function trade(refreshToken: string): Tokens | undefined {
    const entry = refreshTokens.get(refreshToken);
    if (!entry || (rotation && entry.spent)) {
      refreshTokens = new Map();
      live.clear();
      return undefined;
    }
    entry.spent = true;
    return issue();
  }

  async function token(request: Request): Promise<Response> {
    counts.tokenRequests++;
    for (const look of arrivals) look();
    const text = await request.text();
    if (failures.count > 0) {
      failures.count--;
      await after(tokenDelay);
      return json(failures.status, { error: failures.error, code: failures.status, error_code: failures.error });
    }
    const fields = text.startsWith("{") ? (JSON.parse(text) as { refresh_token?: string }) : Object.fromEntries(new URLSearchParams(text)); // GoTrue's own body
    const tokens = trade(fields.refresh_token ?? "");
    if (!tokens) counts.refused++;
    await after(tokenDelay);
    await held;
    if (!tokens) return json(400, { error: "invalid_grant" });
    const { accessToken, refreshToken, expiresAt } = tokens;
    return json(200, {
      ...{ access_token: accessToken, refresh_token: refreshToken, token_type: "bearer" },
      ...{ expires_in: lifetime / 1000, expires_at: Math.floor(expiresAt / 1000), user: { id: "user" } },
    });
  }

  async function api(request: Request): Promise<Response> {
    const body = await request.arrayBuffer();
    const expiresAt = live.get(request.headers.get("authorization")?.replace(/^bearer /i, "") ?? "") ?? 0;
    const fresh = expiresAt > Date.now();
    await issuer.beforeApi?.(request, body);
    await after(apiDelay);
    if (fresh) counts.served++;
    else counts.unauthorized++;
    return fresh ? json(200, { ok: true }) : json(401, { ok: false }, { "www-authenticate": 'Bearer error="invalid_token"' });
  }

  const issuer: Issuer = {
    counts,
    beforeApi: undefined,
    begin: issue,
    expire: () => live.clear(),
    holdTokens() {
      let release = () => {};
      held = new Promise((settle) => {
        release = settle;
      });
      return release;
    },
    failTokens(count, status, error) {
      failures = { count, status, error };
    },
    arrived: (tokenRequests) =>
      new Promise((settle) => {
        const look = () => {
          if (counts.tokenRequests < tokenRequests) return;
          arrivals.delete(look);
          settle();
        };
        arrivals.add(look);
        look();
      }),
    async handle(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/token") return token(request);
      if (pathname === "/user") return json(200, { id: "user" });
      if (pathname === "/revoke" || pathname === "/logout") return new Response(null, { status: 204 });
      return api(request);
    },
  };
  return issuer;
}

/** Looks like a JWT to clients that read the expiry out of it; nobody verifies it here. */
function fakeJwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.c2lnbmF0dXJl`;
}
