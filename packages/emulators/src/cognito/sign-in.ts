import type { Fields } from "../kit/index.ts";
import { fieldsOf, textField } from "../kit/index.ts";
import type { ChallengeAnswer, Challenges } from "./challenges.ts";
import { requireDevice } from "./devices.ts";
import { CognitoError, invalidParameter, notAuthorized } from "./errors.ts";
import { pathOf } from "./flows.ts";
import type { CognitoClient } from "./people.ts";
import { required } from "./required.ts";
import { requireSecret, requireSecretHash } from "./secret-hash.ts";
import type { Ground, PendingLogin } from "./steps.ts";
import type { AuthenticationResult, Tokens } from "./tokens.ts";

/** A login or refresh that is done. */
export interface TokenAnswer {
  readonly AuthenticationResult: AuthenticationResult;
  readonly ChallengeParameters?: Readonly<Record<string, never>>;
}

/** Says who a request was for and which token it carried. */
export type Note = (facts: { identity?: string; tokenUsed?: string }) => void;

/** Logging in and refreshing: everything that ends in tokens. */
export interface SignIn {
  initiateAuth(request: Fields, note: Note): Promise<TokenAnswer | ChallengeAnswer>;
  respondToAuthChallenge(request: Fields, note: Note): Promise<TokenAnswer | ChallengeAnswer>;
  getTokensFromRefreshToken(request: Fields, note: Note): Promise<TokenAnswer>;
}

const everyFlow = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"];

/** The operations of a pool that yield tokens. */
export function createSignIn(ground: Ground, tokens: Tokens, challenges: Challenges, clientOf: (request: Fields) => CognitoClient): SignIn {
  const { users, facts } = ground;

  const requireFlow = ({ authFlows = everyFlow }: CognitoClient, flow: string): void => {
    if (!authFlows.includes(flow)) throw invalidParameter(`${flow} flow not enabled for this client`);
  };

  const proceed = async (login: PendingLogin): Promise<TokenAnswer | ChallengeAnswer> => {
    const next = challenges.ask(login);
    if ("Session" in next) return next;
    return { AuthenticationResult: await tokens.issue(next), ChallengeParameters: {} };
  };

  const logIn = async (flow: string, client: CognitoClient, parameters: Fields, note: Note) => {
    const username = required(parameters, "USERNAME");
    note({ identity: users.find(username)?.user.username ?? username });
    await requireSecretHash(client, username, textField(parameters, "SECRET_HASH"));
    const account = users.admit(username);
    const deviceKey = textField(parameters, "DEVICE_KEY");
    const steps = await pathOf(flow, account, parameters, ground);
    // SRP logins hear of a device nobody knows with their next answer, as Amazon's own client expects it.
    if (deviceKey && facts.deviceTracking !== "off" && flow === "USER_PASSWORD_AUTH") requireDevice(account, deviceKey);
    return proceed({ account, clientId: client.clientId, flow, ...(deviceKey && { deviceKey }), steps });
  };

  const refresh = async (client: CognitoClient, parameters: Fields, note: Note): Promise<TokenAnswer> => {
    const refreshToken = required(parameters, "REFRESH_TOKEN");
    note({ tokenUsed: refreshToken });
    const spent = { refreshToken, clientId: client.clientId, deviceKey: textField(parameters, "DEVICE_KEY") };
    const { user } = tokens.owner(spent);
    note({ identity: user.username });
    await requireSecretHash(client, user.username, textField(parameters, "SECRET_HASH"));
    return { AuthenticationResult: await tokens.refresh(spent), ChallengeParameters: {} };
  };

  return {
    initiateAuth: async (request, note) => {
      const client = clientOf(request);
      const named = required(request, "AuthFlow");
      const flow = named === "REFRESH_TOKEN" ? "REFRESH_TOKEN_AUTH" : named;
      const parameters = fieldsOf(request.AuthParameters);
      requireFlow(client, flow);
      return flow === "REFRESH_TOKEN_AUTH" ? refresh(client, parameters, note) : logIn(flow, client, parameters, note);
    },
    respondToAuthChallenge: async (request, note) => {
      const client = clientOf(request);
      const { clientId } = client;
      const name = required(request, "ChallengeName");
      const session = required(request, "Session");
      const responses = fieldsOf(request.ChallengeResponses);
      const username = required(responses, "USERNAME");
      const { user } = challenges.find(session, clientId).account;
      note({ identity: user.username });
      if (username !== user.username && username !== user.email) throw notAuthorized("Invalid session for the user.");
      await requireSecretHash(client, user.username, textField(responses, "SECRET_HASH"));
      return proceed(await challenges.answer({ name, session, clientId, responses }));
    },
    getTokensFromRefreshToken: async (request, note) => {
      const client = clientOf(request);
      const refreshToken = required(request, "RefreshToken");
      note({ tokenUsed: refreshToken });
      requireSecret(client, textField(request, "ClientSecret"));
      if (facts.rotation === "off") requireFlow(client, "REFRESH_TOKEN_AUTH");
      const spent = { refreshToken, clientId: client.clientId, deviceKey: textField(request, "DeviceKey") };
      note({ identity: tokens.owner(spent).user.username });
      return { AuthenticationResult: await tokens.exchange(spent) };
    },
  };
}

/** The client of a request, if the pool knows it. */
export function clientAmong(clients: readonly CognitoClient[]): (request: Fields) => CognitoClient {
  return (request) => {
    const clientId = required(request, "ClientId");
    const client = clients.find((known) => known.clientId === clientId);
    if (!client) throw new CognitoError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
    return client;
  };
}
