import type { Call, Fetch, Kit, Random, Signer } from "../kit/index.ts";
import type { OAuth2Facts } from "./options.ts";
import { pageAnswer } from "./pages.ts";
import { type People, type ServerSession, sessionCookie } from "./people.ts";

/** A logout token that was posted, and what came of it; "network" where nobody answered. */
export interface LogoutNotice {
  readonly clientId: string;
  readonly status: number | "network";
}

/** What ends sessions of people at the server. */
export interface Logout {
  /** Ends sessions, and tells the clients that took part (OpenID Connect Back-Channel Logout). */
  endSessions(who?: string): Promise<LogoutNotice[]>;
}

interface Parts {
  readonly facts: OAuth2Facts;
  readonly now: () => number;
  readonly random: Random;
  readonly people: People;
  readonly signer: () => Signer;
  readonly issuerOf: (call: Pick<Call, "url">) => string;
  readonly fetch: Fetch;
  /** The issuer of the last request: there is no request when a test ends sessions. */
  readonly lastIssuer: () => string;
}

const event = "http://schemas.openid.net/event/backchannel-logout";

/** RP-initiated logout, and back-channel logout. */
export function addLogout<Op extends string>(kit: Kit<Op | "logout">, { facts, people, issuerOf, ...parts }: Parts): Logout {
  const { now, random, signer, fetch, lastIssuer } = parts;

  const tell = async (clientId: string, uri: string, { user, sid }: ServerSession): Promise<LogoutNotice> => {
    const iat = Math.floor(now() / 1000);
    const claims = {
      iss: lastIssuer(),
      sub: user.id,
      aud: clientId,
      iat,
      exp: iat + 120,
      jti: random.uuid(),
      sid,
      events: { [event]: {} },
    };
    const token = await signer().sign(claims, "logout+jwt");
    const answer = await fetch(uri, { method: "POST", body: new URLSearchParams({ logout_token: token }) }).catch(() => undefined);
    return { clientId, status: answer?.status ?? "network" };
  };

  const end = (sessions: readonly ServerSession[]) => {
    const told = sessions.flatMap((session) => {
      people.signOut(session);
      const clients = facts.clients.filter(({ clientId }) => session.clientIds.has(clientId));
      return clients.flatMap(({ clientId, backchannelLogoutUri: uri }) => (uri === undefined ? [] : [tell(clientId, uri, session)]));
    });
    return Promise.all(told);
  };

  const leave = async (call: Call, given: URLSearchParams): Promise<Response> => {
    issuerOf(call);
    const hint = given.get("id_token_hint");
    const claims = hint === null ? undefined : await signer().verify(hint);
    if (hint !== null && !claims) return pageAnswer({ title: "The ID token is not of this server", status: 400 });
    const clientId = given.get("client_id") ?? (typeof claims?.aud === "string" ? claims.aud : undefined);
    const client = facts.clients.find((known) => known.clientId === clientId);
    const cookie = people.sessionOf(call.request);
    await end(people.sessions().filter((session) => session === cookie || (claims?.sid !== undefined && session.sid === claims.sid)));

    const back = given.get("post_logout_redirect_uri");
    const mayReturn = back !== null && client && URL.canParse(back) && (client.postLogoutRedirectUris?.includes(back) ?? true);
    const gone = { "set-cookie": `${sessionCookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax` };
    if (back === null || !mayReturn) {
      const response = pageAnswer({ title: "You are logged out", status: back === null ? 200 : 400 });
      response.headers.append("set-cookie", gone["set-cookie"]);
      return response;
    }
    const url = new URL(back);
    const state = given.get("state");
    if (state !== null) url.searchParams.set("state", state);
    return new Response(null, { status: 303, headers: { ...gone, location: url.href } });
  };

  kit.route("GET", "/logout", "logout", (call) => leave(call, call.url.searchParams));
  kit.route("POST", "/logout", "logout", (call) => leave(call, call.form()));

  return { endSessions: (who) => end(people.sessions(who)) };
}
