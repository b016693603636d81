import { manualClock } from "../kit/index.ts";
import { createOAuth2Emulator, defaultOAuth2Client, defaultOAuth2PublicClient, defaultOAuth2User, type OAuth2Options } from "./index.ts";

/** Where the server is, as the tests have it. */
export const origin = "https://login.example.com";
export const redirectUri = "https://app.example.com/callback";
const { clientId, clientSecret } = defaultOAuth2Client;
export const basic: string = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
export const asUser: Readonly<Record<string, string>> = {
  ...{ grant_type: "password", username: defaultOAuth2User.username, password: defaultOAuth2User.password },
};

/** RFC 7636, appendix B. */
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** A server, and the requests that the RFCs have. */
export function start(options: OAuth2Options = {}) {
  const clock = manualClock();
  const emulator = createOAuth2Emulator({ clock, ...options });
  const { fetch, control } = emulator;

  /** A form to an endpoint, by the confidential client. */
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = { authorization: basic }) =>
    fetch(origin + path, { method: "POST", body: new URLSearchParams(form), headers });
  const token = (form: Record<string, string>, headers?: Record<string, string>) => post("/token", form, headers);
  const tokens = async (form: Record<string, string> = asUser) => (await token(form)).json();
  const refresh = (refresh_token: string, more = {}) => token({ grant_type: "refresh_token", refresh_token, ...more });
  const api = async (accessToken: string) =>
    (await fetch("https://api.example.com/protected", { headers: { authorization: `Bearer ${accessToken}` } })).status;

  const authorize = (more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const url = new URL("/authorize", origin);
    const request = {
      client_id: defaultOAuth2PublicClient.clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "openid read",
    };
    url.search = new URLSearchParams({
      ...request,
      state: "st",
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...more,
    }).toString();
    return fetch(url, { redirect: "manual", headers });
  };
  const callback = async (response: Promise<Response> | Response) => new URL((await response).headers.get("location") ?? "").searchParams;
  const trade = (code: string | null, more: Record<string, string> = {}) =>
    token(
      {
        ...{ grant_type: "authorization_code", code: code ?? "", redirect_uri: redirectUri, code_verifier: verifier },
        ...{ client_id: defaultOAuth2PublicClient.clientId, ...more },
      },
      {},
    );
  return { clock, ...emulator, control, post, token, tokens, refresh, api, authorize, callback, trade };
}

/** Status and error code of an answer. */
export async function refusal(answer: Promise<Response> | Response): Promise<[number, unknown]> {
  const response = await answer;
  return [response.status, (await response.json()).error];
}
