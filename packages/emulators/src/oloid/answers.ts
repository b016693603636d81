import type { ChallengeAnswer } from "../cognito/challenges.ts";
import type { TokenAnswer } from "../cognito/sign-in.ts";
import type { OloidErrorBody, OloidOptions } from "./options.ts";

/** The two answers OLOID's own pages show. A challenge of the pool is passed through as it is. */
export function loginAnswer(
  answer: TokenAnswer | ChallengeAnswer,
  who: { readonly userName: string; readonly tenantName: string },
  { shape = "nested", expiresIn = "seconds" }: OloidOptions,
): Response {
  if (!("AuthenticationResult" in answer)) return Response.json({ cognitoToken: answer });
  const { ExpiresIn: seconds, TokenType, ...tokens } = answer.AuthenticationResult;
  const expiry = { seconds: { ExpiresIn: seconds }, zero: { ExpiresIn: 0 }, absent: {} }[expiresIn];
  if (shape === "nested") {
    return Response.json({ cognitoToken: { ChallengeParameters: {}, AuthenticationResult: { ...tokens, TokenType, ...expiry } } });
  }
  const user = { OloID: who.userName, TenantID: `id-of-${who.tenantName}`, TenantName: who.tenantName };
  return Response.json({ cognitoToken: { ...tokens, ...expiry }, user });
}

/** A failed login, in the chosen guise. */
export function loginFailure(status: 400 | 401, message: string, { errorBody = "message" }: OloidOptions): Response {
  const bodies: Record<OloidErrorBody, () => Response> = {
    message: () => Response.json({ message }, { status }),
    "error-object": () => Response.json({ error: { message } }, { status }),
    empty: () => new Response(null, { status }),
    html: () => new Response(`<html><body>${message}</body></html>`, { status, headers: { "content-type": "text/html" } }),
  };
  return bodies[errorBody]();
}
