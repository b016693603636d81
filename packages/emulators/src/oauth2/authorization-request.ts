import type { OAuth2Client } from "./clients.ts";
import { OAuth2Error } from "./errors.ts";
import { scopesOf } from "./grant.ts";
import type { OAuth2Facts } from "./options.ts";
import type { Form } from "./requests.ts";

/** An authorization request that may be asked a person (RFC 6749, section 4.1.1). */
export interface AuthorizationRequest {
  readonly client: OAuth2Client;
  readonly redirectUri: string;
  /** Whether the request named the URI: then the token request must, too. */
  readonly redirectUriGiven: boolean;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly audience: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly prompt: readonly string[];
  /** In seconds. */
  readonly maxAge: number | undefined;
  readonly acr: string | undefined;
  readonly loginHint: string | undefined;
  /** The key the code is bound to (RFC 9449, section 10). */
  readonly jkt: string | undefined;
}

/** Where an answer goes: known before the rest of the request is looked at. */
export type Return = Pick<AuthorizationRequest, "client" | "redirectUri" | "redirectUriGiven" | "state">;

/** The client and its redirect URI. Throws where there is no safe place to send a person back to (RFC 6749, section 4.1.2.1). */
export function returnOf(parameter: Form, { clients }: OAuth2Facts): Return {
  const client = clients.find(({ clientId }) => clientId === parameter("client_id"));
  if (!client) throw new OAuth2Error("invalid_client", "The client is unknown.");
  const given = parameter("redirect_uri");
  const [only, ...others] = client.redirectUris ?? [];
  const redirectUri = given ?? (others.length === 0 ? only : undefined);
  if (redirectUri === undefined || !isRegistered(redirectUri, client)) {
    throw new OAuth2Error("invalid_request", "The redirect URI is missing, or not the client's.");
  }
  return { client, redirectUri, redirectUriGiven: given !== undefined, state: parameter("state") };
}

/** The rest of the request. What it throws is told at the redirect URI. */
export function authorizationRequest(parameter: Form, back: Return, facts: OAuth2Facts): AuthorizationRequest {
  if (parameter("request") !== undefined) throw new OAuth2Error("request_not_supported", "Request objects are not supported.");
  if (parameter("response_type") !== "code") throw new OAuth2Error("unsupported_response_type", "Only code is supported.");
  if ((parameter("response_mode") ?? "query") !== "query") throw new OAuth2Error("invalid_request", "Only query is supported.");
  const challenge = parameter("code_challenge");
  if (challenge !== undefined && parameter("code_challenge_method") !== "S256") {
    throw new OAuth2Error("invalid_request", "Only S256 is supported.");
  }
  if (challenge === undefined && facts.pkce === "required") throw new OAuth2Error("invalid_request", "code_challenge is missing.");
  const maxAge = parameter("max_age");
  return {
    ...back,
    scopes: scopesOf(parameter("scope"), facts, ["read", "write"]),
    audience: parameter("resource") ?? parameter("audience") ?? facts.audience,
    challenge,
    nonce: parameter("nonce"),
    prompt: parameter("prompt")?.split(" ") ?? [],
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    acr: parameter("acr_values")?.split(" ")[0],
    loginHint: parameter("login_hint"),
    jkt: parameter("dpop_jkt"),
  };
}

/** Exactly, but that the port of a loopback address is free (RFC 8252, section 7.3). */
function isRegistered(redirectUri: string, { redirectUris }: OAuth2Client): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { hash, protocol } = new URL(redirectUri);
  if (hash !== "" || ["javascript:", "data:"].includes(protocol)) return false;
  const portless = (uri: string) => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)):\d+/, "$1");
  return redirectUris?.some((known) => portless(known) === portless(redirectUri)) ?? true;
}
