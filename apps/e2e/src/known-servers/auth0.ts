import { clientOf, createStandIn, refuse, type StandIn } from "./stand-in.ts";

/** A tenant of Auth0 with one machine and one API (auth0.com/docs, "Client Credentials Flow", and the tenant's own metadata). */
export function createAuth0(options: {
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
}): StandIn {
  const issuer = `https://${options.domain}/`;
  return createStandIn("/oauth/token", ({ issue }) => ({
    "/.well-known/openid-configuration": () =>
      Response.json({
        issuer,
        authorization_endpoint: `${issuer}authorize`,
        token_endpoint: `${issuer}oauth/token`,
        device_authorization_endpoint: `${issuer}oauth/device/code`,
        userinfo_endpoint: `${issuer}userinfo`,
        revocation_endpoint: `${issuer}oauth/revoke`,
        jwks_uri: `${issuer}.well-known/jwks.json`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["HS256", "RS256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
      }),
    "/oauth/token"(request, form) {
      const { id, secret } = clientOf(request, form);
      if (id !== options.clientId || secret !== options.clientSecret)
        return refuse("access_denied", 401, { error_description: "Unauthorized" });
      if (form.get("grant_type") !== "client_credentials") return refuse("unsupported_grant_type", 403);
      if (form.get("audience") !== options.audience)
        return refuse("access_denied", 403, { error_description: "Service not enabled within domain" });
      return Response.json({ access_token: issue("eyJ1."), token_type: "Bearer", expires_in: 86_400 });
    },
    "/oauth/revoke": () => new Response(),
  }));
}
