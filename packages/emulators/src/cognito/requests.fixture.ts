import type { Emulator } from "../kit/index.ts";
import { defaultCognitoClient, defaultCognitoUser } from "./people.ts";

// Requests of this folder's tests, written out by hand.
export const user: typeof defaultCognitoUser = defaultCognitoUser;
export const { password } = user;
export const { clientId } = defaultCognitoClient;

type Target = Pick<Emulator<unknown>, "fetch">;

export const postTo = (emulator: Target, operation: string, body: string, contentType = "application/x-amz-json-1.1"): Promise<Response> =>
  emulator.fetch("https://cognito-idp.eu-west-1.amazonaws.com/", {
    method: "POST",
    headers: { "content-type": contentType, "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` },
    body,
  });

export const call = (emulator: Target, operation: string, body: object): Promise<Response> =>
  postTo(emulator, operation, JSON.stringify(body));

export const login = (emulator: Target, parameters: Record<string, string> = {}, ClientId: string = clientId): Promise<Response> =>
  call(emulator, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId,
    AuthParameters: { USERNAME: user.email, PASSWORD: password, ...parameters },
  });

export const refresh = (
  emulator: Target,
  token: string,
  parameters: Record<string, string> = {},
  ClientId: string = clientId,
): Promise<Response> =>
  call(emulator, "InitiateAuth", {
    AuthFlow: "REFRESH_TOKEN_AUTH",
    ClientId,
    AuthParameters: { REFRESH_TOKEN: token, ...parameters },
  });

export const exchange = (emulator: Target, token: string, more: object = {}): Promise<Response> =>
  call(emulator, "GetTokensFromRefreshToken", { ClientId: clientId, RefreshToken: token, ...more });

interface Tokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
}

/** The tokens of an answer that must have some. */
export const tokensOf = async (response: Response): Promise<Tokens> => {
  // The shape is what the tests are about; a wrong one fails them a line later.
  const { AuthenticationResult } = (await response.json()) as { AuthenticationResult?: Tokens };
  if (!AuthenticationResult) throw new Error("The answer has no tokens.");
  return AuthenticationResult;
};

/** An error's type and message. */
export const refusal = async (response: Response): Promise<string> => {
  const { __type, message } = (await response.json()) as { __type?: string; message?: string };
  return `${__type}: ${message}`;
};

/** The claims of a signed token. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(atob(token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "")) as Record<string, unknown>;
