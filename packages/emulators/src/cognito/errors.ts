/** An error of the service: its type and its message are what clients go by. */
export class CognitoError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** The error with many meanings; only its message tells them apart. */
export const notAuthorized = (message: string): CognitoError => new CognitoError("NotAuthorizedException", message);

/** A request that can never succeed. */
export const invalidParameter = (message: string): CognitoError => new CognitoError("InvalidParameterException", message);
