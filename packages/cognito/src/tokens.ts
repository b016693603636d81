import {
  type AuthProvider,
  explain,
  jwtExpiry,
  membersOf,
  type TokenAnswer,
  TokenResponseError,
  type TokenSet,
  tokenSet,
} from "@keyturn/core/provider";

/** Which of the two tokens of a user pool an API takes. */
export type CognitoTokenUse = "access" | "id";

/** Reads Cognito's AuthenticationResult, wherever in an answer it stands. The set expires with the token in use. */
export function cognitoTokens(answer: TokenAnswer, result: unknown, use: CognitoTokenUse): TokenSet {
  const { AccessToken, IdToken, RefreshToken, TokenType, ExpiresIn } = membersOf(result);
  const tokens = tokenSet(answer, {
    accessToken: AccessToken,
    idToken: IdToken,
    refreshToken: RefreshToken,
    tokenType: TokenType,
    expiresIn: ExpiresIn,
    // ExpiresIn is the access token's; the lifetime of ID tokens is a setting of its own.
    expiresAt: use === "id" && typeof IdToken === "string" ? jwtExpiry(answer, IdToken) : undefined,
  });
  if (use === "id" && !tokens.idToken) throw new TokenResponseError(explain(answer, undefined, "the answer holds no ID token"));
  return tokens;
}

/** How the token in use is attached, where that is not `Authorization: Bearer` and the access token. */
export function attachToken(use: CognitoTokenUse, scheme: "Bearer" | "bare"): Pick<AuthProvider, "authorize"> {
  if (use === "access" && scheme === "Bearer") return {};
  return {
    authorize(headers, { accessToken, idToken = accessToken }) {
      const token = use === "id" ? idToken : accessToken;
      headers.set("authorization", scheme === "bare" ? token : `Bearer ${token}`);
    },
  };
}
