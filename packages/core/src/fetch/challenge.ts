/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** What stands after the scheme instead of parameters, as with Negotiate. */
  readonly token68?: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A name with a value, or a scheme, with its token68 if it has one. No part of it can match a text in two ways: hostile headers cost no time. */
const part =
  /[\s,]*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,"=][^\s,"]*))|(?:\s+([\w.~+/-]+=*)(?=\s*(?:,|$)))?)/gy;

/**
 * The challenges of a header (RFC 9110, section 11.6.1): the same comma stands between parameters and between challenges.
 * What follows the first thing that is neither is not read.
 */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const challenges: Challenge[] = [];
  for (const [, name = "", quoted, plain, token68] of header?.matchAll(part) ?? []) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    const lower = name.toLowerCase();
    if (value !== undefined) Object.assign(challenges.at(-1)?.parameters ?? {}, { [lower]: value });
    else challenges.push({ scheme: lower, ...(token68 !== undefined && { token68 }), parameters: {} });
  }
  return challenges;
}

/** What an API asks of the person beyond a valid token (RFC 9470): parameters for a new login. */
export interface StepUp {
  /** Kinds of authentication that it takes, separated by blanks, the best first: for `acr_values`. */
  readonly acrValues: string | undefined;
  /** How long ago the person may have proved who they are, in seconds: for `max_age`. */
  readonly maxAge: number | undefined;
  readonly scope: string | undefined;
}

/** The demand of a 401, if it has one. A renewed token would not meet it. */
export function stepUpOf(response: Response): StepUp | undefined {
  const parameters = response.status === 401 && parametersOf(response, "insufficient_user_authentication");
  if (!parameters) return undefined;
  const { acr_values, max_age = "", scope } = parameters;
  return { acrValues: acr_values, maxAge: /^\d{1,9}$/.test(max_age) ? Number(max_age) : undefined, scope };
}

/** Whether an API refused the token, where nobody knows better. `tell` gets the scope that the token has not. */
export function refusesToken(response: Response, tell: (scope: string | undefined) => void): boolean {
  const { status } = response;
  if (status !== 401 && status !== 403) return false;
  const missing = parametersOf(response, "insufficient_scope");
  if (missing) tell(missing.scope);
  return status === 401 && !missing;
}

/** Of the challenge with this `error` (RFC 6750, section 3). */
function parametersOf({ headers }: Response, error: string): Challenge["parameters"] | undefined {
  return parseChallenges(headers.get("www-authenticate")).find(({ parameters }) => parameters.error === error)?.parameters;
}
