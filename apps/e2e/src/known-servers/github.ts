import { createStandIn, type Route, type StandIn } from "./stand-in.ts";

/** What a test may do with GitHub. */
export interface GitHub extends StandIn {
  /** The person enters the code, or declines. */
  decide(decision: "agrees" | "declines"): void;
  /** Ends the refresh tokens it has issued. */
  endRefresh(): void;
}

/**
 * github.com for a GitHub App with the device flow on, whose user tokens expire (docs.github.com, "Generating a user access
 * token for a GitHub App", "Refreshing user access tokens"). Errors come with status 200, and all answers form-encoded unless
 * JSON is asked for. `afterLooks`: the person agrees by themselves after so many looks.
 */
export function createGitHub(app: { readonly clientId: string; readonly interval?: number; readonly afterLooks?: number }): GitHub {
  const { clientId, interval = 5, afterLooks = Number.POSITIVE_INFINITY } = app;
  const refreshTokens = new Set<string>();
  let decision: "agrees" | "declines" | undefined;
  let looks = 0;

  const answer = ({ headers }: Request, body: Record<string, string | number>): Response => {
    if (headers.get("accept")?.includes("application/json")) return Response.json(body);
    return new Response(new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])));
  };

  const standIn = createStandIn("/login/oauth/access_token", ({ issue }) => {
    const tokens = (request: Request) => {
      const refreshToken = issue("ghr_");
      refreshTokens.add(refreshToken);
      const lifetimes = { expires_in: 28_800, refresh_token_expires_in: 15_811_200 };
      return answer(request, { access_token: issue("ghu_"), ...lifetimes, refresh_token: refreshToken, scope: "", token_type: "bearer" });
    };
    const grants: Record<string, Route> = {
      "urn:ietf:params:oauth:grant-type:device_code"(request, form) {
        if (form.get("device_code") !== "made-up-device-code") return answer(request, { error: "incorrect_device_code" });
        if (decision === "declines") return answer(request, { error: "access_denied" });
        if (decision !== "agrees" && looks++ < afterLooks) return answer(request, { error: "authorization_pending" });
        return tokens(request);
      },
      refresh_token(request, form) {
        const known = refreshTokens.delete(form.get("refresh_token") ?? "");
        return known ? tokens(request) : answer(request, { error: "bad_refresh_token", error_description: "made up" });
      },
    };
    const ofApp =
      (route: Route): Route =>
      (request, form) =>
        form.get("client_id") === clientId ? route(request, form) : answer(request, { error: "incorrect_client_credentials" });
    return {
      "/login/device/code": ofApp((request) =>
        answer(request, {
          ...{ device_code: "made-up-device-code", user_code: "WDJB-MJHT", verification_uri: "https://github.com/login/device" },
          ...{ expires_in: 900, interval },
        }),
      ),
      "/login/oauth/access_token": ofApp((request, form) =>
        (grants[form.get("grant_type") ?? ""] ?? (() => answer(request, { error: "unsupported_grant_type" })))(request, form),
      ),
    };
  });
  return {
    ...standIn,
    decide(made) {
      decision = made;
    },
    endRefresh: () => refreshTokens.clear(),
  };
}
