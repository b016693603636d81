import { createPublicKey } from "node:crypto";
import { errors } from "oidc-provider";
import { startTakenOver, type TakenOver } from "./oidc-provider.ts";

/**
 * Okta's authorization server "default" with one service whose public key it knows; its paths as its own metadata have them
 * (developer.okta.com, "Endpoints", "Build a JWT for Client Authentication"). `privateKey`: PEM.
 */
export function startOkta(options: {
  readonly issuer: string;
  readonly clientId: string;
  readonly keyId: string;
  readonly privateKey: string;
}): Promise<TakenOver> {
  const { issuer, clientId, keyId, privateKey } = options;
  const jwk = createPublicKey(privateKey).export({ format: "jwk" });
  return startTakenOver({
    issuer,
    routes: {
      authorization: "/v1/authorize",
      token: "/v1/token",
      introspection: "/v1/introspect",
      revocation: "/v1/revoke",
      userinfo: "/v1/userinfo",
      end_session: "/v1/logout",
      jwks: "/v1/keys",
      device_authorization: "/v1/device/authorize",
    },
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [{ ...jwk, kid: keyId, alg: "RS256", use: "sig" }] as never }, // a key as Node exports it
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ["orders.read"],
    lifetime: 3_600,
    audience: "api://default",
    async checkAssertion(_context, claims) {
      if (claims.aud !== `${issuer}/v1/token`) throw new errors.InvalidClientAuth("The audience claim must be the endpoint it is sent to");
    },
  });
}
