import type { Call, Kit, Signer } from "../kit/index.ts";
import { grantOps } from "./grants.ts";
import type { OAuth2Facts } from "./options.ts";

const paths = ["openid-configuration", "oauth-authorization-server"] as const;
const authMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth", "none"];

/** Metadata (OpenID Connect Discovery 1.0; RFC 8414) and keys, open to every page. */
export function addDiscovery<Op extends string>(
  kit: Kit<Op | "discovery" | "jwks">,
  facts: OAuth2Facts,
  issuerOf: (call: Pick<Call, "url">) => string,
  signer: () => Signer,
): void {
  for (const path of paths) {
    kit.route("GET", `/.well-known/${path}`, "discovery", (call) => {
      const { metadata, metadataAt } = facts;
      if (metadata === "absent" || (metadataAt !== "both" && metadataAt !== path)) return new Response(null, { status: 404 });
      if (metadata === "down") return new Response(null, { status: 503 });
      if (metadata === "html-200") return new Response("<h1>Maintenance</h1>", { headers: { "content-type": "text/html" } });
      return Response.json(odd(metadataOf(issuerOf(call), call.url.origin, facts), facts));
    });
  }
  kit.route("GET", "/.well-known/jwks.json", "jwks", async () => Response.json(await signer().jwks()));
}

function metadataOf(issuer: string, origin: string, facts: OAuth2Facts): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: `${origin}/.well-known/jwks.json`,
    revocation_endpoint: `${origin}/revoke`,
    introspection_endpoint: `${origin}/introspect`,
    device_authorization_endpoint: `${origin}/device_authorization`,
    end_session_endpoint: `${origin}/logout`,
    ...(facts.par !== "off" && {
      pushed_authorization_request_endpoint: `${origin}/par`,
      require_pushed_authorization_requests: facts.par === "required",
    }),
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: Object.keys(grantOps),
    scopes_supported: facts.scopes,
    subject_types_supported: ["public"],
    code_challenge_methods_supported: ["S256"],
    id_token_signing_alg_values_supported: [facts.alg],
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: ["ES256", "PS256", "RS256", "Ed25519", "EdDSA"],
    prompt_values_supported: ["none", "login", "consent"],
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "nonce", "auth_time", "acr", "sid"],
    authorization_response_iss_parameter_supported: facts.callback !== "no-issuer",
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    tls_client_certificate_bound_access_tokens: true,
    ...(facts.dpop !== "off" && { dpop_signing_alg_values_supported: ["ES256", "ES384", "Ed25519", "EdDSA", "PS256", "RS256"] }),
  };
}

function odd(body: Readonly<Record<string, unknown>>, { metadata }: OAuth2Facts): Readonly<Record<string, unknown>> {
  const without = (name: string) => Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));
  if (metadata === "other-issuer") return { ...body, issuer: "https://elsewhere.example.com" };
  if (metadata === "no-issuer") return without("issuer");
  if (metadata === "no-token-endpoint") return without("token_endpoint");
  if (metadata === "no-authorization-endpoint") return without("authorization_endpoint");
  if (metadata !== "plain-http") return body;
  const plain = (value: unknown) =>
    typeof value === "string" ? value.replace(/^https?:\/\/[^/]+(?=\/.)/, "http://login.example.com") : value;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, name === "issuer" ? value : plain(value)]));
}
