import type { GrantContext, TokenAnswer } from "@keyturn/core/provider";
import { answerChallenges } from "./challenges.ts";
import type { CognitoUserName } from "./cognito.ts";
import { isError } from "./errors.ts";
import type { CognitoClient } from "./options.ts";
import { type CognitoFlow, passwordProof } from "./password-proof.ts";
import type { CognitoPool } from "./pool.ts";

/** The options that decide how a login goes. */
export interface LoginOptions extends Pick<CognitoClient, "firstFactor" | "onChallenge" | "devices"> {
  readonly flow: CognitoFlow;
  readonly pool: CognitoPool;
  readonly poolName: string | undefined;
  /** Proof of the client secret, over the user name that the request carries. */
  proof(username: string): Promise<{ readonly SECRET_HASH?: string }>;
}

/** A login of more than one step: SRP, devices, challenges. Goes on from the answer to its first request, if that was sent. */
export async function guidedLogin(
  { flow, firstFactor, onChallenge, devices, pool, poolName, proof }: LoginOptions,
  { username, password }: CognitoUserName,
  sent: TokenAnswer | undefined,
  context: GrantContext,
): Promise<TokenAnswer> {
  const own = passwordProof(password, poolName, !onChallenge);
  const device = devices && (await (await import("./device.ts")).deviceProof(devices, username, pool));

  const send = async (operation: string, member: string, request: object, parameters: object, user: string): Promise<TokenAnswer> => {
    const values = { USERNAME: user, ...parameters, ...(await proof(user)) };
    const post = () => {
      const body = { ClientId: pool.clientId, ...request, [member]: { ...values, ...device?.parameters } };
      return pool.call("login", operation, body, context);
    };
    const answer = await post();
    return (await device?.isUnknown(answer)) ? post() : answer;
  };

  const begin = async () => send("InitiateAuth", "AuthParameters", { AuthFlow: flow }, await own.first(flow, firstFactor), username);
  const login = {
    ...{ pool, username, onChallenge },
    own: async (asked: TokenAnswer) => (await own.answer(asked, context)) ?? (await device?.answer(asked, context)),
    complete: async (responses: Readonly<Record<string, string>>) => ({ ...(await own.chosen(responses.ANSWER)), ...responses }),
    respond: (request: object, responses: object, user: string) =>
      send("RespondToAuthChallenge", "ChallengeResponses", request, responses, user),
  };
  const answer = await answerChallenges(sent ?? (await begin()), login, context);
  if (!isError(answer)) await device?.confirm(answer.body.AuthenticationResult, context);
  return answer;
}
