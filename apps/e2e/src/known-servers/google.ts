import { type CryptoKey, jwtVerify } from "jose";
import { createStandIn, refuse, type StandIn } from "./stand-in.ts";

const url = "https://oauth2.googleapis.com/token";

/** Google's token endpoint for one service account (developers.google.com, "Using OAuth 2.0 for Server to Server Applications"). */
export function createGoogle(account: { readonly email: string; readonly keyId: string; readonly publicKey: CryptoKey }): StandIn {
  return createStandIn("/token", ({ issue }) => ({
    async "/token"(_request, form) {
      if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return refuse("unsupported_grant_type");
      if (form.has("client_id")) return refuse("invalid_client", 401, { error_description: "The OAuth client was not found." });
      const expected = { audience: url, issuer: account.email, algorithms: ["RS256"] };
      const verified = await jwtVerify(form.get("assertion") ?? "", account.publicKey, expected).catch(() => undefined);
      if (!verified) return refuse("invalid_grant", 400, { error_description: "Invalid JWT Signature." });
      const { iat = 0, exp = 0, scope, sub } = verified.payload;
      if (verified.protectedHeader.kid !== account.keyId || exp - iat > 3600) return refuse("invalid_grant");
      if (sub !== undefined) return refuse("unauthorized_client", 401); // nobody has delegated anything to it
      if (typeof scope !== "string" || !scope.startsWith("https://www.googleapis.com/auth/")) return refuse("invalid_scope");
      return Response.json({ access_token: issue("ya29."), expires_in: 3599, token_type: "Bearer" });
    },
  }));
}
