import type { JSONWebKeySet } from "jose";
import type { Fields, Random, Signer } from "../kit/index.ts";
import { fieldsOf, textField } from "../kit/index.ts";
import type { ChallengeAnswer, PendingLogin } from "./challenges.ts";
import { createChallenges } from "./challenges.ts";
import { CognitoError, invalidParameter, notAuthorized } from "./errors.ts";
import type { AccountState, CognitoClient, UserPoolOptions } from "./options.ts";
import { userPoolFacts } from "./options.ts";
import { required } from "./required.ts";
import { requireSecret, requireSecretHash } from "./secret-hash.ts";
import type { AuthenticationResult, SignedToken } from "./tokens.ts";
import { createTokens, issuerOf } from "./tokens.ts";
import { createUsers } from "./users.ts";

/** A login or refresh that is done. */
export interface TokenAnswer {
  readonly AuthenticationResult: AuthenticationResult;
  readonly ChallengeParameters?: Readonly<Record<string, never>>;
}

/** The attributes of the user an access token stands for. */
interface UserAnswer {
  readonly Username: string;
  readonly UserAttributes: readonly { readonly Name: string; readonly Value: string }[];
}

/** Says who a request was for and which token it carried. */
export type Note = (facts: { identity?: string; tokenUsed?: string }) => void;

/** A user pool: requests in, answers out, no HTTP. Refusals are thrown as CognitoError. */
export interface UserPool {
  readonly issuer: string;
  initiateAuth(request: Fields, note?: Note): Promise<TokenAnswer | ChallengeAnswer>;
  respondToAuthChallenge(request: Fields, note?: Note): Promise<TokenAnswer | ChallengeAnswer>;
  getTokensFromRefreshToken(request: Fields, note?: Note): Promise<TokenAnswer>;
  revokeToken(request: Fields, note?: Note): void;
  getUser(request: Fields, note?: Note): Promise<UserAnswer>;
  jwks(): Promise<JSONWebKeySet>;
  /** What an API that trusts the pool's keys knows of a token. */
  verify(token: string): Promise<SignedToken | undefined>;
  readonly control: UserPoolControl;
  reset(): void;
}

/** The test's side of a pool. Users go by user name or alias. */
export interface UserPoolControl {
  /** Access and id tokens die now, on the server only. */
  expireAccess(who?: string): void;
  /** Ends every session as RevokeToken would. */
  revokeRefresh(who?: string): void;
  /** Wrong passwords that count towards the lockout. */
  failedLogins(who: string): number;
  /** When the lockout ends; undefined where there is none. */
  lockedUntil(who: string): number | undefined;
  setPassword(who: string, password: string): void;
  setState(who: string, state: AccountState): void;
  /** The code last sent to a user by e-mail or text message. */
  sentCode(who: string): string | undefined;
}

/** A user pool on a server's clock. */
export function createUserPool(options: UserPoolOptions, now: () => number, random: Random, signer: Signer): UserPool {
  const facts = userPoolFacts(options);
  const users = createUsers(facts, now);
  const tokens = createTokens(facts, now, random, signer);
  const challenges = createChallenges(facts, now, random);

  const clientOf = (request: Fields): CognitoClient => {
    const clientId = required(request, "ClientId");
    const client = facts.clients.find((known) => known.clientId === clientId);
    if (!client) throw new CognitoError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
    return client;
  };

  const proceed = async (login: PendingLogin): Promise<TokenAnswer | ChallengeAnswer> => {
    const challenge = challenges.ask(login);
    if (challenge) return challenge;
    return { AuthenticationResult: await tokens.issue(login.account, login.clientId), ChallengeParameters: {} };
  };

  const passwordLogin = async (client: CognitoClient, parameters: Fields, note: Note) => {
    const username = required(parameters, "USERNAME");
    note({ identity: users.find(username)?.user.username ?? username });
    const password = required(parameters, "PASSWORD");
    await requireSecretHash(client, username, textField(parameters, "SECRET_HASH"));
    return proceed(challenges.begin(users.authenticate(username, password), client.clientId));
  };

  const refreshLogin = async (client: CognitoClient, parameters: Fields, note: Note): Promise<TokenAnswer> => {
    const token = required(parameters, "REFRESH_TOKEN");
    note({ tokenUsed: token });
    const { user } = tokens.owner(token, client.clientId);
    note({ identity: user.username });
    await requireSecretHash(client, user.username, textField(parameters, "SECRET_HASH"));
    return { AuthenticationResult: await tokens.refresh(token, client.clientId), ChallengeParameters: {} };
  };

  const account = (who: string) => {
    const found = users.find(who);
    if (!found) throw new TypeError(`The pool has no user ${who}.`);
    return found;
  };
  const realName = (who: string | undefined) => (who === undefined ? undefined : account(who).user.username);

  return {
    issuer: issuerOf(facts),
    initiateAuth: async (request, note = ignore) => {
      const client = clientOf(request);
      const named = required(request, "AuthFlow");
      const flow = named === "REFRESH_TOKEN" ? "REFRESH_TOKEN_AUTH" : named;
      const { authFlows = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"] } = client;
      const parameters = fieldsOf(request.AuthParameters);
      if (authFlows.includes(flow)) {
        if (flow === "USER_PASSWORD_AUTH") return passwordLogin(client, parameters, note);
        if (flow === "REFRESH_TOKEN_AUTH") return refreshLogin(client, parameters, note);
      }
      throw invalidParameter(`${flow} flow not enabled for this client`);
    },
    respondToAuthChallenge: async (request, note = ignore) => {
      const { clientId, ...client } = clientOf(request);
      const name = required(request, "ChallengeName");
      const session = required(request, "Session");
      const responses = fieldsOf(request.ChallengeResponses);
      const username = required(responses, "USERNAME");
      const { user } = challenges.find(session, clientId).account;
      note({ identity: user.username });
      if (username !== user.username && username !== user.email) throw notAuthorized("Invalid session for the user.");
      await requireSecretHash({ clientId, ...client }, user.username, textField(responses, "SECRET_HASH"));
      return proceed(await challenges.answer({ name, session, clientId, responses }));
    },
    getTokensFromRefreshToken: async (request, note = ignore) => {
      const client = clientOf(request);
      const token = required(request, "RefreshToken");
      note({ tokenUsed: token });
      requireSecret(client, textField(request, "ClientSecret"));
      note({ identity: tokens.owner(token, client.clientId).user.username });
      return { AuthenticationResult: await tokens.exchange(token, client.clientId) };
    },
    revokeToken: (request, note = ignore) => {
      const client = clientOf(request);
      const token = required(request, "Token");
      note({ tokenUsed: token });
      requireSecret(client, textField(request, "ClientSecret"));
      tokens.revoke(token, client.clientId);
    },
    getUser: async (request, note = ignore) => {
      const token = required(request, "AccessToken");
      note({ tokenUsed: token });
      const { user, attributes } = await tokens.introspect(token);
      note({ identity: user.username });
      return {
        Username: user.username,
        UserAttributes: Object.entries({ sub: user.username, ...attributes }).map(([Name, Value]) => ({ Name, Value })),
      };
    },
    jwks: () => signer.jwks(),
    verify: (token) => tokens.verify(token),
    control: {
      expireAccess: (who) => tokens.expireAccess(realName(who)),
      revokeRefresh: (who) => tokens.revokeRefresh(realName(who)),
      failedLogins: (who) => account(who).failures,
      lockedUntil: (who) => (now() < account(who).lockedUntil ? account(who).lockedUntil : undefined),
      setPassword: (who, password) => {
        account(who).password = password;
      },
      setState: (who, state) => {
        account(who).state = state;
      },
      sentCode: (who) => account(who).sentCode,
    },
    reset: () => {
      users.reset();
      tokens.clear();
      challenges.clear();
    },
  };
}

const ignore: Note = () => {};
