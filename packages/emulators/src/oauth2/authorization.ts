import type { Call, Random } from "../kit/index.ts";
import { type AuthorizationRequest, authorizationRequest, type Return, returnOf } from "./authorization-request.ts";
import type { Codes } from "./codes.ts";
import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";
import { pageAnswer } from "./pages.ts";
import { type People, type ServerSession, sessionCookie } from "./people.ts";
import type { PushedRequests } from "./pushed-requests.ts";
import { type Form, parametersOf } from "./requests.ts";

/** The authorization endpoint: GET asks, POST decides. */
export interface AuthorizationEndpoint {
  ask(call: Call, issuer: string): Response;
  decide(call: Call, issuer: string): Response;
  reset(): void;
}

interface Parts {
  readonly facts: OAuth2Facts;
  readonly now: () => number;
  readonly random: Random;
  readonly people: People;
  readonly codes: Codes;
  readonly pushed: PushedRequests;
}

/** A page that waits for a person, or allows at once. */
export function createAuthorization({ facts, now, random, people, codes, pushed }: Parts): AuthorizationEndpoint {
  const waiting = new Map<string, AuthorizationRequest>();

  const allow = (request: AuthorizationRequest, session: ServerSession, issuer: string) => {
    const { client, scopes, audience, nonce, acr } = request;
    const { user, authTime, sid } = session;
    session.clientIds.add(client.clientId);
    const grant = { client, user, subject: user.id, identity: user.username, scopes, audience, nonce, authTime, acr, sid, ended: false };
    return { code: codes.issue(request, grant), issuer };
  };

  const withCookie = (response: Response, { sid }: ServerSession) => {
    response.headers.append("set-cookie", `${sessionCookie}=${sid}; Path=/; HttpOnly; SameSite=Lax`);
    return response;
  };

  const back = (to: Return, answer: Readonly<Record<string, string>>, issuer: string, status: 302 | 303 = 302) => {
    const url = new URL(to.redirectUri);
    const given = { ...answer, ...(to.state !== undefined && { state: to.state }), iss: issuer };
    for (const [name, value] of Object.entries(oddCallback(given, facts))) url.searchParams.set(name, value);
    return new Response(null, { status, headers: { location: url.href, "cache-control": "no-store" } });
  };

  /** The session that may allow without a question. */
  const signedIn = ({ prompt, maxAge = Number.POSITIVE_INFINITY, loginHint }: AuthorizationRequest, { request }: Call) => {
    const user = people.find(loginHint) ?? people.find();
    if (facts.approval === "automatic") return user && people.signIn(user);
    const session = people.sessionOf(request);
    const fresh = session && now() / 1000 - session.authTime <= maxAge;
    return fresh && !prompt.includes("login") && !prompt.includes("consent") ? session : undefined;
  };

  const show = (id: string, { client, scopes, loginHint }: AuthorizationRequest, failed: boolean) =>
    pageAnswer({
      title: "Log in",
      text: `${failed ? "User name or password is wrong. " : ""}${client.clientId} asks for ${scopes.join(", ")}.`,
      action: "/authorize",
      hidden: { request: id, ...(loginHint !== undefined && { login_hint: loginHint }) },
      login: true,
      buttons: { allow: "Allow", deny: "Deny" },
      ...(failed && { status: 401 }),
    });

  const keep = (request: AuthorizationRequest) => {
    const id = random.text(22);
    waiting.set(id, request);
    const [oldest] = waiting.keys();
    if (waiting.size > 10_000 && oldest !== undefined) waiting.delete(oldest);
    return id;
  };

  return {
    ask: (call, issuer) => {
      let parameter: Form;
      let to: Return;
      try {
        const query = parametersOf(call.url.searchParams);
        parameter = pushed.take(query);
        to = returnOf(parameter, facts);
      } catch (error) {
        return errorPage(error);
      }
      try {
        if (facts.par === "required" && parametersOf(call.url.searchParams)("request_uri") === undefined) {
          throw new OAuth2Error("invalid_request", "Requests have to be pushed.");
        }
        const request = authorizationRequest(parameter, to, facts);
        const session = signedIn(request, call);
        if (session) {
          call.note({ identity: session.user.username });
          return withCookie(back(to, allow(request, session, issuer), issuer), session);
        }
        if (request.prompt.includes("none")) throw new OAuth2Error("login_required", "Nobody is signed in.");
        return show(keep(request), request, false);
      } catch (error) {
        if (!(error instanceof OAuth2Error)) throw error;
        return back(to, { error: error.error, error_description: error.message }, issuer);
      }
    },
    decide: (call, issuer) => {
      const form = call.form();
      const id = form.get("request") ?? "";
      const request = waiting.get(id);
      if (!request) return pageAnswer({ title: "This login has ended", status: 400 });
      if (form.get("decision") !== "allow") {
        waiting.delete(id);
        return back(request, { error: "access_denied", error_description: "The person said no." }, issuer, 303);
      }
      const user = people.authenticate(form.get("username") ?? "", form.get("password") ?? "");
      if (!user) return show(id, request, true);
      call.note({ identity: user.username });
      waiting.delete(id);
      const session = people.signIn(user);
      return withCookie(back(request, allow(request, session, issuer), issuer, 303), session);
    },
    reset: () => waiting.clear(),
  };
}

/** The page for an error that cannot be sent back (RFC 6749, section 4.1.2.1). */
function errorPage(error: unknown): Response {
  if (!(error instanceof OAuth2Error)) throw error;
  return pageAnswer({ title: "This application asked wrongly", text: `${error.error}: ${error.message}`, status: 400 });
}

/** What an oddity makes of the parameters of a callback. */
function oddCallback(given: Readonly<Record<string, string>>, { callback }: OAuth2Facts): Readonly<Record<string, string>> {
  const { code, state, iss = "", issuer: _issuer, ...rest } = given;
  const all = { ...rest, ...(code !== undefined && { code }), ...(state !== undefined && { state }), iss };
  const without = (name: "code" | "state" | "iss") => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
  if (callback === "right") return all;
  if (callback === "other-state") return { ...all, state: "of-another-login" };
  if (callback === "no-state") return without("state");
  if (callback === "no-code") return without("code");
  if (callback === "other-issuer") return { ...all, iss: "https://elsewhere.example.com" };
  return callback === "no-issuer" ? without("iss") : { ...without("code"), error: callback };
}
