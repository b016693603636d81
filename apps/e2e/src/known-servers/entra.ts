import { clientOf, createStandIn, refuse, type StandIn } from "./stand-in.ts";

/** Microsoft Entra ID, v2.0 endpoints (learn.microsoft.com, "OAuth 2.0 client credentials flow", and the tenant's own metadata). */
export function createEntra(options: { readonly tenant: string; readonly clientId: string; readonly clientSecret: string }): StandIn {
  const { tenant, clientId, clientSecret } = options;
  const base = `https://login.microsoftonline.com/${tenant}`;
  const tokenPath = `/${tenant}/oauth2/v2.0/token`;
  return createStandIn(tokenPath, ({ issue }) => ({
    // It has no revocation endpoint.
    [`/${tenant}/v2.0/.well-known/openid-configuration`]: () =>
      Response.json({
        issuer: `${base}/v2.0`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
        end_session_endpoint: `${base}/oauth2/v2.0/logout`,
        userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
        jwks_uri: `${base}/discovery/v2.0/keys`,
        response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
      }),
    [tokenPath](request, form) {
      const told = (code: number) => ({
        error_codes: [code],
        error_description: `AADSTS${code}: made up.`,
        trace_id: "0",
        correlation_id: "0",
      });
      const client = clientOf(request, form);
      if (form.has("resource") || form.has("audience")) return refuse("invalid_request", 400, told(901002));
      if (client.id !== clientId || client.secret !== clientSecret) return refuse("invalid_client", 401, told(7000215));
      if (form.get("grant_type") !== "client_credentials") return refuse("unsupported_grant_type", 400, told(70003));
      if (!form.get("scope")?.endsWith("/.default")) return refuse("invalid_scope", 400, told(1002012));
      return Response.json({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: issue("eyJ0.") });
    },
  }));
}
