import type { OAuth2Facts } from "./options.ts";

/** A refusal of the token endpoint and its neighbours (RFC 6749, section 5.2). */
export class OAuth2Error extends Error {
  readonly error: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: string, description: string, status = 400, headers: Readonly<Record<string, string>> = {}) {
    super(description);
    this.error = error;
    this.status = status;
    this.headers = headers;
  }
}

/** A parameter left out, sent twice, or not understood. */
export const invalidRequest = (description: string): OAuth2Error => new OAuth2Error("invalid_request", description);

/** A client that is not who it says; `scheme` repeats how it tried (RFC 6749, section 5.2). */
export const invalidClient = (description: string, scheme?: "Basic"): OAuth2Error =>
  new OAuth2Error("invalid_client", description, 401, scheme ? { "www-authenticate": `${scheme} realm="token"` } : {});

/** A wrong password, code or assertion. */
export const badGrant = ({ badGrantError, badGrantStatus }: OAuth2Facts, description: string): OAuth2Error =>
  new OAuth2Error(badGrantError, description, badGrantStatus);

/** One answer for dead, spent, unknown and foreign refresh tokens. */
export const deadRefreshToken = ({ deadRefreshError, deadRefreshStatus }: OAuth2Facts): OAuth2Error =>
  new OAuth2Error(deadRefreshError, "The refresh token is not valid.", deadRefreshStatus);
