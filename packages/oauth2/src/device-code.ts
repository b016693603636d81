import {
  AuthError,
  type AuthProvider,
  callback,
  explain,
  type GrantContext,
  optional,
  refused,
  serverNumber,
  type TokenAnswer,
  TokenRequestError,
  TokenResponseError,
  type TokenSet,
  transient,
  url,
} from "@keyturn/core/provider";
import { deviceAuthorizationRequest } from "oauth4webapi";
import { idTokenClaims } from "./id-token.ts";
import { form, oauthClient } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** What a person does on another device. */
export interface DevicePrompt {
  /** To type in at `verificationUri`. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** With the code in it already, for a link or a QR code; where the server makes one. */
  readonly verificationUriComplete?: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
  /** Gives up waiting: the login is refused. */
  cancel(): void;
}

/** The device authorization grant. */
export interface DeviceCodeOptions extends OAuthOptions {
  /** By hand, where no metadata name it. */
  readonly deviceAuthorizationEndpoint?: string | undefined;
  /** Shows the person code and address. Called once per login; the waiting begins when it has returned. */
  readonly onPrompt: (prompt: DevicePrompt) => void | Promise<void>;
}

const grantType = "urn:ietf:params:oauth:grant-type:device_code";
/** Where the server names none, and what `slow_down` adds (RFC 8628, sections 3.2 and 3.5). */
const usualInterval = 5_000;

/** Tokens for a person who logs in on another device (RFC 8628): televisions, command lines, machines without a browser. */
export function deviceCode(options: DeviceCodeOptions): AuthProvider {
  checkOAuthOptions("deviceCode()", options, { deviceAuthorizationEndpoint: optional(url), onPrompt: callback });
  const { clientId, scope, audience, resource, onPrompt } = options;
  const { provider, call, trade } = oauthClient({
    ...{ ...options, grantType, endpoints: { device_authorization_endpoint: options.deviceAuthorizationEndpoint } },
    check: async (answer, server, client) => void (options.server && (await idTokenClaims(answer, server, client))),
    classify,
  });

  async function begin(context: GrantContext): Promise<Pending> {
    const answer = await call("login", "device_authorization_endpoint", context, (wire, server, client, authentication) =>
      deviceAuthorizationRequest(server, client, authentication, form({ client_id: clientId, scope, audience, resource }), wire),
    );
    return pendingOf(answer);
  }

  /** A person may take minutes: limits, lock and claim rest meanwhile. */
  async function untilDecided(pending: Pending, context: GrantContext): Promise<TokenSet> {
    let cancelled = false;
    const cancel = () => {
      cancelled = true;
    };
    const { userCode, verificationUri, verificationUriComplete, expiresAt } = pending;
    await onPrompt({
      ...{ userCode, verificationUri, expiresAt, cancel },
      ...(verificationUriComplete !== undefined && { verificationUriComplete }),
    });
    for (let interval = pending.interval; ; ) {
      await context.sleep(interval);
      if (cancelled || context.now() >= expiresAt)
        throw refused(pending.answer, "expired_token", cancelled ? "it was cancelled" : "the code was not entered in time");
      try {
        return await trade("login", grantType, { device_code: pending.deviceCode, resource }, context);
      } catch (error) {
        if (!(error instanceof TokenRequestError)) throw error;
        interval += error.retryAfter ?? interval; // without an answer: half as often (section 3.5)
      }
    }
  }

  return {
    ...provider,
    async login(_, context) {
      const pending = await begin(context);
      return context.ask(() => untilDecided(pending, context));
    },
  };
}

/** Answers while the person has not decided are failures that pass: each says by how much longer to wait until the next look. */
function classify(answer: TokenAnswer): AuthError | undefined {
  const { error } = answer.body;
  switch (error) {
    case "authorization_pending":
      return transient(answer, error, { retryAfter: 0 });
    case "slow_down":
      return transient(answer, error, { retryAfter: usualInterval });
    case "access_denied":
    case "expired_token":
    case "token_expired": // GitHub's documents have both
      return refused(answer, error, "the person did not let this device in");
    default:
      return undefined;
  }
}

interface Pending {
  readonly answer: TokenAnswer;
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  readonly expiresAt: number;
  readonly interval: number;
}

function pendingOf(answer: TokenAnswer): Pending {
  const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = answer.body;
  const lifetime = (serverNumber(expires_in) ?? 0) * 1000;
  if (
    typeof device_code !== "string" ||
    typeof user_code !== "string" ||
    user_code === "" ||
    typeof verification_uri !== "string" ||
    !(lifetime > 0)
  ) {
    throw new TokenResponseError(explain(answer, undefined, "the answer holds no device code"));
  }
  // A person, or a link, goes there: not to "javascript:", nor where everybody can read the code.
  for (const [name, uri] of Object.entries({ verification_uri, verification_uri_complete })) {
    if (typeof uri === "string" && uri !== "" && url(uri))
      throw new AuthError("misconfigured", explain(answer, undefined, `its ${name} must be ${url(uri)}`));
  }
  return {
    ...{ answer, deviceCode: device_code, userCode: user_code, verificationUri: verification_uri },
    verificationUriComplete:
      typeof verification_uri_complete === "string" && verification_uri_complete !== "" ? verification_uri_complete : undefined,
    expiresAt: answer.startedAt + lifetime,
    interval: (serverNumber(interval) ?? 0) * 1000 || usualInterval,
  };
}
