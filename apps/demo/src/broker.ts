import { type Auth, isAuthError } from "@keyturn/core";

/** Of the session's token this much must be left where a page asks for another one only because an API refused it. */
const longestSoftWindow = 60_000;

/**
 * Hands the session's token to a page that cannot, or must not, get one itself. Here whoever loads the page is signed in; an
 * application looks at its own cookie first, and answers 401 to a stranger.
 */
export function createBroker({ getToken, invalidate }: Pick<Auth<unknown>, "getToken" | "invalidate">) {
  return async (request: Request): Promise<Response> => {
    const previous = new URLSearchParams(await request.text()).get("previous");
    try {
      let tokens = await getToken();
      if (previous === tokens.accessToken && timeLeft(tokens) > longestSoftWindow) {
        invalidate(previous);
        tokens = await getToken();
      }
      const body = { access_token: tokens.accessToken, expires_in: Math.min(3600, timeLeft(tokens) / 1000) };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return Response.json({ error: error.code }, { status: error.retryAt ? 503 : 502 });
    }
  };
}

function timeLeft({ expiresAt }: { readonly expiresAt?: number | "never" }): number {
  return typeof expiresAt === "number" ? expiresAt - Date.now() : Number.POSITIVE_INFINITY;
}
