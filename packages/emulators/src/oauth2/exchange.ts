import type { OAuth2Client } from "./clients.ts";
import { invalidRequest, OAuth2Error } from "./errors.ts";
import { subsetOf } from "./grant.ts";
import type { GrantParts, TokenRequest } from "./grants.ts";
import type { Issue } from "./issue.ts";
import { required } from "./requests.ts";

const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const tokenTypes = [accessTokenType, "urn:ietf:params:oauth:token-type:jwt"];

/** Trades an access token of this server for a narrower one, or for another audience (RFC 8693). It ends with the login it came from. */
export function tokenExchange(
  { form, issuer }: TokenRequest,
  client: OAuth2Client,
  { facts, accessTokens }: GrantParts,
): Omit<Issue, "binding"> {
  const subjectToken = required(form, "subject_token");
  if (!tokenTypes.includes(required(form, "subject_token_type"))) throw invalidRequest("subject_token_type is not supported.");
  const requestedType = form("requested_token_type") ?? accessTokenType;
  if (!tokenTypes.includes(requestedType)) throw invalidRequest("requested_token_type is not supported.");
  const subject = accessTokens.alive(subjectToken);
  // Section 2.2.2: a token that is not valid is an invalid request.
  if (!subject) throw invalidRequest("The subject token is not valid.");

  const actorToken = form("actor_token");
  if ((actorToken === undefined) !== (form("actor_token_type") === undefined))
    throw invalidRequest("actor_token and its type go together.");
  const actor = actorToken === undefined ? undefined : accessTokens.alive(actorToken);
  if (actorToken !== undefined && !actor) throw invalidRequest("The actor token is not valid.");

  const target = form("resource") ?? form("audience");
  if (target !== undefined && /^(javascript|data):/i.test(target)) throw new OAuth2Error("invalid_target", "The target is unknown.");
  const asked = form("scope");
  const scopes = asked === undefined ? subject.scopes : subsetOf(asked, subject.scopes);
  const grant = {
    ...subject.grant,
    ...{ client, scopes, audience: target ?? facts.audience },
    ...(actor && { actor: actor.grant.subject }),
    get ended() {
      return subject.grant.ended;
    },
    set ended(value) {
      subject.grant.ended = value;
    },
  };
  return { grant, issuer, asked, issuedTokenType: requestedType };
}
