import { type AuthError, type AuthErrorCode, isAuthError } from "../errors.ts";
import type { Fetch, GrantContext } from "../provider/provider.ts";
import { isTokenSet, type TokenSet } from "../provider/tokens.ts";
import { memoryStore } from "../store/memory-store.ts";
import { check, rejectionOf } from "./check.ts";
import { grantContext } from "./grant-context.ts";
import { checkNoSecret } from "./leaks.ts";
import type { GrantName, ProviderSubject } from "./provider-subject.ts";
import { type Wire, wire } from "./wire.ts";

/** What the cases try a subject with. */
export interface Bench {
  readonly context: (fetch: Fetch, signal?: AbortSignal) => ReturnType<typeof grantContext>;
  /** The way to the server, noted. */
  readonly toServer: () => Wire;
  readonly logIn: (fetch?: Fetch) => Promise<TokenSet>;
  /** Logs in for a grant that needs a refresh token. */
  readonly logInToRefresh: () => Promise<TokenSet>;
  readonly prepare: (grant: GrantName) => Promise<Prepared>;
  /** Sends a grant that must fail; resolves to the error, checked by `checkFailure`. */
  readonly failing: (grant: GrantName, fetch: Fetch, codes?: readonly AuthErrorCode[]) => Promise<AuthError>;
  /** Throws unless the error is as every failure must be; returns it. */
  readonly checkFailure: (error: unknown, grant: GrantName, secrets: readonly string[], codes?: readonly AuthErrorCode[]) => AuthError;
}

/** A grant with all it needs, and the secrets that are in play. */
export interface Prepared {
  readonly send: (context: GrantContext) => Promise<unknown>;
  readonly secrets: readonly string[];
}

/** A bench for one subject. */
export function createBench<Credentials>(subject: ProviderSubject<Credentials>): Bench {
  const credentials = Object.freeze(subject.credentials);
  const { name } = subject.provider();

  const keys = memoryStore();

  const context: Bench["context"] = (fetch, signal) => grantContext({ fetch, keys, now: () => subject.now(), ...(signal && { signal }) });

  // What a provider gets is not its own: writing to it throws.
  const logIn: Bench["logIn"] = async (fetch = subject.fetch) => Object.freeze(await subject.provider().login(credentials, context(fetch)));

  const logInToRefresh: Bench["logInToRefresh"] = async () => {
    const tokens = await logIn();
    check(tokens.refreshToken !== undefined, "the login yields no refresh token, so that refresh and revoke cannot be tried");
    return tokens;
  };

  const prepare: Bench["prepare"] = async (grant) => {
    const provider = subject.provider();
    if (grant === "login") return { send: (grantContext) => provider.login(credentials, grantContext), secrets: subject.secrets };
    const tokens = await logInToRefresh();
    const issued = [tokens.accessToken, tokens.refreshToken, tokens.idToken].filter((token) => token !== undefined);
    return { send: async (grantContext) => provider[grant]?.(tokens, grantContext), secrets: [...subject.secrets, ...issued] };
  };

  const checkFailure: Bench["checkFailure"] = (error, grant, secrets, codes) => {
    check(isAuthError(error), `${grant} rejects with something that is no AuthError: ${String(error)}`);
    const { message, code } = error;
    checkNoSecret(error, secrets, "the error");
    check(message.startsWith(`${name}: `) && message.includes(grant), `the message does not name "${name}" and "${grant}": ${message}`);
    check(!codes || codes.includes(code), `the error has the code "${code}", not "${codes?.join('" or "')}"`);
    return error;
  };

  return {
    context,
    toServer: () => wire((_sent, input, init) => subject.fetch(input, init)),
    logIn,
    logInToRefresh,
    prepare,
    async failing(grant, fetch, codes) {
      const { send, secrets } = await prepare(grant);
      const error = await rejectionOf(() => send(context(fetch)), `${grant} does not fail`);
      return checkFailure(error, grant, secrets, codes);
    },
    checkFailure,
  };
}

const century = 100 * 365 * 24 * 3_600_000;

/** Checks what a login or refresh, begun at `before`, has yielded by now. */
export function checkTokens(tokens: unknown, before: number, now: number): void {
  check(isTokenSet(tokens), "there is no token set");
  const { receivedAt, expiresAt } = tokens;
  for (const [key, value] of Object.entries(tokens)) {
    const survives = typeof value === "string" ? value !== "" : Number.isFinite(value);
    check(survives, `"${key}" is neither text nor a number: it would not survive JSON`);
  }
  check(receivedAt >= before && receivedAt <= now, "receivedAt is not the time of the request by context.now()");
  if (typeof expiresAt !== "number") return;
  check(expiresAt > receivedAt && expiresAt < receivedAt + century, `expiresAt lies ${expiresAt - receivedAt} ms after receivedAt`);
}
