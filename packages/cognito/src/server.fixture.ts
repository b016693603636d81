import type { TokenSet } from "@keyturn/core/provider";
import { grantContext } from "@keyturn/core/testing";
import {
  createCognitoEmulator,
  defaultCognitoClient,
  defaultCognitoUser,
  type CognitoOptions as Emulated,
  manualClock,
} from "@keyturn/emulators";
import { type CognitoClient, type CognitoCredentials, type CognitoUserName, cognito } from "./index.ts";

export const region = "eu-west-1";
export const userPoolId = "eu-west-1_Example01";
export const { clientId } = defaultCognitoClient;
export const clientSecret = "Made-Up-Client-Secret-1";
export const { username, email, password } = defaultCognitoUser;

/** One request to the emulator. */
interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly operation: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A provider, the emulator it talks to, and what it sent. */
export function start(emulated: Emulated = {}, options: Partial<CognitoClient> = {}) {
  const clock = manualClock();
  const { fetch, control } = createCognitoEmulator({ clock, ...emulated });
  const sent: Sent[] = [];
  const context = grantContext({
    now: () => clock.now(),
    async fetch(input, init) {
      const request = new Request(input, init);
      const operation = request.headers.get("x-amz-target")?.split(".")[1];
      sent.push({ url: request.url, headers: request.headers, operation, body: await request.clone().json() });
      return fetch(request);
    },
  });
  const provider = cognito({ region, clientId, flow: "USER_PASSWORD_AUTH", ...options });
  return {
    ...{ clock, control, context, sent, provider },
    /** What was sent, by operation and challenge. */
    steps: () => sent.map(({ operation, body }) => String(body.ChallengeName ?? body.AuthFlow ?? operation)),
    /** The responses or parameters of the request at an index. */
    members: (index: number) => Object(sent.at(index)?.body.ChallengeResponses ?? sent.at(index)?.body.AuthParameters),
    login: (given: CognitoUserName = { username: email, password }): Promise<TokenSet> =>
      provider.login(given as CognitoCredentials, context), // other flows do without a password
    refresh: async (tokens: TokenSet): Promise<TokenSet> => provider.refresh(tokens, context),
    revoke: async (tokens: TokenSet): Promise<void> => provider.revoke(tokens, context),
  };
}
