import { type RequestContext, type TokenAnswer, tokenRequest } from "@keyturn/core/provider";
import { secretHash } from "./secret-hash.ts";

/** The user pool as one app client reaches it. Keeps the client secret to itself. */
export interface CognitoPool {
  readonly clientId: string;
  /** Calls one operation of the API, such as "InitiateAuth"; `grant` stands in messages. Any answer is an answer: errors are in it. */
  call(grant: string, operation: string, request: object, context: RequestContext): Promise<TokenAnswer>;
  /** Proof of the client secret for one user; undefined where there is no secret. */
  secretHash(username: string): Promise<string | undefined>;
}

export function createPool(provider: string, url: string, clientId: string, clientSecret: () => Promise<string | undefined>): CognitoPool {
  return {
    clientId,
    call(operation, target, request, context) {
      const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${target}` };
      return tokenRequest({ provider, operation, url, headers, body: JSON.stringify(request) }, context);
    },
    async secretHash(username) {
      const secret = await clientSecret();
      return secret && secretHash(secret, username, clientId);
    },
  };
}
