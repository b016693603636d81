import { auth as basicCredentials } from "hono/utils/basic-auth";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import type { Call, TokenTable } from "../kit/index.ts";
import { authMethodOf, type OAuth2Client } from "./clients.ts";
import { invalidClient, invalidRequest } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";
import type { Form } from "./requests.ts";

/** What an assertion is checked against. */
export interface AssertionRules {
  readonly jwks: JSONWebKeySet;
  readonly issuer: string;
  /** The issuer, or the endpoint that was asked. */
  readonly audiences: readonly string[];
  readonly now: number;
  readonly used: UsedIds;
}

/** The `jti` of assertions and proofs that have been used once. */
export type UsedIds = TokenTable<{ readonly identity: string; expiresAt: number }>;

const bearerAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const tolerance = 10;

interface Presented {
  readonly clientId: string;
  readonly method: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "client id alone";
  readonly secret?: string;
}

/** The claims of an assertion that is signed, meant for us, alive and unused; undefined for any other (RFC 7523, section 3). */
export async function checkAssertion(assertion: string, { jwks, issuer, audiences, now, used }: AssertionRules) {
  const verified = await jwtVerify(assertion, createLocalJWKSet(jwks), {
    ...{ issuer, audience: [...audiences], requiredClaims: ["exp", "sub"] },
    ...{ clockTolerance: tolerance, currentDate: new Date(now) },
  }).catch(() => undefined);
  const claims = verified?.payload;
  if (!claims || (claims.iat ?? 0) > now / 1000 + tolerance) return undefined;
  const id = claims.jti === undefined ? undefined : `${issuer} ${claims.jti}`;
  if (id !== undefined && used.get(id)) return undefined;
  if (id !== undefined) used.add(id, { identity: issuer, expiresAt: (claims.exp ?? 0) * 1000 });
  return claims;
}

/** Who asks, where the request says so at all and it is true (RFC 6749, section 2.3). Throws where it is not. */
export async function authenticateClient(
  call: Call,
  form: Form,
  { clients, basicCredentials: reading }: OAuth2Facts,
  rules: Omit<AssertionRules, "jwks" | "issuer">,
): Promise<OAuth2Client | undefined> {
  const presented = presentedBy(call, form, reading);
  if (!presented) return undefined;
  const { clientId, method, secret } = presented;
  const refused = invalidClient("The client is unknown, or did not authenticate as it has to.", secretInHeader(call) ? "Basic" : undefined);
  const client = clients.find((known) => known.clientId === clientId);
  if (!client) throw refused;

  const expected = authMethodOf(client);
  const sentAs = method === "client id alone" && (expected === "none" || expected === "tls_client_auth") ? expected : method;
  if (sentAs !== expected) throw refused;
  if (secret !== undefined && secret !== client.clientSecret) throw refused;
  if (expected === "tls_client_auth" && (await certificateOf(call)) !== client.certificate) throw refused;
  if (expected === "private_key_jwt") {
    const assertion = form("client_assertion") ?? "";
    const jwks = client.jwks ?? { keys: [] };
    const claims = await checkAssertion(assertion, { ...rules, jwks, issuer: clientId });
    if (claims?.sub !== clientId) throw refused;
  }
  return client;
}

/** Throws where nobody says who asks. */
export async function requireClient(...request: Parameters<typeof authenticateClient>): Promise<OAuth2Client> {
  const client = await authenticateClient(...request);
  if (!client) throw invalidClient("client_id is missing.");
  return client;
}

/**
 * SHA-256, base64url, of the client's certificate. A server behind a proxy that ends TLS gets it in `Client-Cert` (RFC 9440,
 * section 2.2): DER in base64, between colons.
 */
export async function certificateOf({ request }: Pick<Call, "request">): Promise<string | undefined> {
  const sent = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(request.headers.get("client-cert") ?? "")?.[1];
  // Base64 with padding comes in fours; atob throws for anything else.
  if (sent === undefined || sent.length % 4 !== 0) return undefined;
  const der = Uint8Array.from(atob(sent), (character) => character.charCodeAt(0));
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", der)));
}

/** Base64 for URLs, without padding (RFC 4648, section 5). */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const secretInHeader = ({ request }: Call) => request.headers.has("authorization");

function presentedBy(call: Call, form: Form, reading: OAuth2Facts["basicCredentials"]): Presented | undefined {
  const basic = basicCredentials(call.request);
  const [assertion, posted, clientId] = [form("client_assertion"), form("client_secret"), form("client_id")];
  if ([basic, assertion, posted].filter(Boolean).length > 1) throw invalidRequest("The client authenticates in more than one way.");
  if (basic) {
    const [id, secret] = [basic.username, basic.password].map(reading === "form-decoded" ? formDecoded : (text) => text);
    if (clientId !== undefined && clientId !== id) throw invalidRequest("client_id and Authorization name different clients.");
    return { clientId: id ?? "", method: "client_secret_basic", secret: secret ?? "" };
  }
  if (assertion !== undefined) {
    if (form("client_assertion_type") !== bearerAssertion) throw invalidRequest("client_assertion_type is unknown.");
    const subject = subjectOf(assertion);
    if (clientId !== undefined && clientId !== subject) throw invalidRequest("client_id and client_assertion name different clients.");
    return { clientId: subject ?? "", method: "private_key_jwt" };
  }
  if (clientId === undefined) return undefined;
  return posted === undefined ? { clientId, method: "client id alone" } : { clientId, method: "client_secret_post", secret: posted };
}

function subjectOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they become Basic. */
function formDecoded(text: string): string {
  return new URLSearchParams(`=${text}`).get("") ?? "";
}
