import type { Call, Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import type { TokenRequest } from "./access-tokens.ts";
import { Auth0Error, deadRefreshToken, missingParameter } from "./errors.ts";
import type { Mfa, PendingLogin } from "./mfa.ts";
import type { Auth0Client, Auth0Facts, Auth0User } from "./options.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import type { Users } from "./users.ts";

/** The grant of RFC 6749, with the tenant's default connection. */
export const passwordGrant = "password";
/** The grant that names its connection; an `http:` name, not an address. */
export const realmGrant = "http://auth0.com/oauth/grant-type/password-realm";
/** The grant that renews. */
export const refreshGrant = "refresh_token";

/** The grants that bring a second factor. */
export const mfaGrants = {
  otp: "http://auth0.com/oauth/grant-type/mfa-otp",
  oob: "http://auth0.com/oauth/grant-type/mfa-oob",
} as const;

const knownGrants: readonly string[] = [passwordGrant, realmGrant, refreshGrant, ...Object.values(mfaGrants)];

/** A token request whose client is known. */
interface ClientRequest {
  readonly call: Call;
  readonly fields: Fields;
  readonly client: Auth0Client;
}

type Granted = Omit<TokenRequest, "issuer">;

/** The grants of the tenant: what may be issued for a request. Refusals are thrown as Auth0Error. */
export interface Grants {
  grant(grantType: string, request: ClientRequest): Granted | Promise<Granted>;
}

/** Grants over users and refresh tokens. */
export function createGrants(facts: Auth0Facts, users: Users, refreshTokens: RefreshTokens, mfa: Mfa): Grants {
  const login = ({ call, fields, client }: ClientRequest) => {
    const username = required(fields, "username");
    call.note({ identity: username });
    const password = required(fields, "password");
    if (textField(fields, "grant_type") === realmGrant) requireRealm(required(fields, "realm"));
    const audience = textField(fields, "audience");
    if (audience !== undefined && !facts.audiences.includes(audience)) {
      throw new Auth0Error(403, "access_denied", `Service not found: ${audience}`);
    }
    const user = users.authenticate(username, password, addressOf(call, client));
    requireActive(user);

    const asked = scopesOf(fields);
    const scopes = asked?.filter((scope) => grantable.includes(scope)) ?? [];
    const login = { grant: { user, clientId: client.clientId, audience, scopes }, asked: asked?.join(" ") };
    if (users.stateOf(username) === "mfa-required") throw mfa.require(login);
    return issued(login);
  };

  const issued = (login: PendingLogin): Granted =>
    login.grant.scopes.includes("offline_access") ? { ...login, refreshToken: refreshTokens.issue(login.grant) } : login;

  const secondFactor = async ({ call, fields, client }: ClientRequest, factor: keyof typeof mfaGrants) => {
    const login = await mfa.verify(fields, factor);
    call.note({ identity: login.grant.user.username });
    if (login.grant.clientId !== client.clientId) throw new Auth0Error(403, "invalid_grant", "Malformed mfa_token");
    return issued(login);
  };

  const refresh = ({ call, fields, client }: ClientRequest) => {
    const token = required(fields, "refresh_token");
    call.note({ tokenUsed: token });
    const owner = refreshTokens.grantOf(token)?.user;
    if (owner) call.note({ identity: owner.username });
    const exchanged = refreshTokens.exchange(token, client.clientId);
    if (!exchanged) throw deadRefreshToken();
    const { grant, next } = exchanged;
    const asked = scopesOf(fields);
    // A refresh may ask for less than was granted, never for more.
    const scopes = asked ? grant.scopes.filter((scope) => asked.includes(scope)) : grant.scopes;
    return { grant: { ...grant, scopes }, asked: asked?.join(" "), ...(next === undefined ? {} : { refreshToken: next }) };
  };

  const requireRealm = (realm: string) => {
    if (realm !== facts.realm) throw new Auth0Error(facts.unknownRealmStatus, "invalid_request", `Unknown realm ${realm}`);
  };

  const requireActive = ({ username }: Auth0User) => {
    const state = users.stateOf(username);
    if (state === "password-leaked") {
      throw new Auth0Error(
        401,
        "password_leaked",
        "This login attempt has been blocked because the password you're using was previously disclosed.",
      );
    }
    if (state === "denied") throw new Auth0Error(facts.deniedStatus, "access_denied", "Access denied.");
  };

  const grantable = ["openid", "profile", "email", ...(facts.offlineAccess ? ["offline_access"] : []), ...facts.scopes];

  return {
    grant: (grantType, request) => {
      if (!knownGrants.includes(grantType)) throw new Auth0Error(403, "unsupported_grant_type", `Unsupported grant type: ${grantType}`);
      const { grantTypes = knownGrants } = request.client;
      if (!grantTypes.includes(grantType)) {
        throw new Auth0Error(403, "unauthorized_client", `Grant type '${grantType}' not allowed for the client.`);
      }
      if (grantType === mfaGrants.otp) return secondFactor(request, "otp");
      if (grantType === mfaGrants.oob) return secondFactor(request, "oob");
      return grantType === refreshGrant ? refresh(request) : login(request);
    },
  };
}

/** A field that must be there. */
export function required(fields: Fields, name: string): string {
  const value = textField(fields, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

function scopesOf(fields: Fields): string[] | undefined {
  return textField(fields, "scope")?.split(" ");
}

/** The address lockouts go by; a server that logs its users in may name theirs. */
function addressOf({ request }: Call, { clientSecret, trustForwardedFor }: Auth0Client): string {
  const forwarded = clientSecret !== undefined && trustForwardedFor ? request.headers.get("auth0-forwarded-for") : null;
  return forwarded ?? "127.0.0.1";
}
