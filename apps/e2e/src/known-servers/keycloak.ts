import { startTakenOver, type TakenOver } from "./oidc-provider.ts";

/** A realm of Keycloak with one service account; its paths as the realm's own metadata have them (keycloak.org, "Endpoints"). */
export function startKeycloak(options: {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): Promise<TakenOver> {
  const { issuer, clientId, clientSecret } = options;
  const base = "/protocol/openid-connect";
  return startTakenOver({
    issuer,
    routes: {
      authorization: `${base}/auth`,
      token: `${base}/token`,
      introspection: `${base}/token/introspect`,
      revocation: `${base}/revoke`,
      userinfo: `${base}/userinfo`,
      end_session: `${base}/logout`,
      jwks: `${base}/certs`,
      device_authorization: `${base}/auth/device`,
    },
    clients: [
      { client_id: clientId, client_secret: clientSecret, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
    ],
    scopes: ["profile", "email"],
    lifetime: 300,
    audience: "account",
  });
}
