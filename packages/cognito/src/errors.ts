import {
  AuthError,
  explain,
  membersOf,
  RefreshRejectedError,
  refused,
  type TokenAnswer,
  transient,
  unexpected,
} from "@keyturn/core/provider";

type Verdict = (answer: TokenAnswer, type: string, hint: string) => AuthError;

const dead: Verdict = (...told) => new RefreshRejectedError(explain(...told));
const misconfigured: Verdict = (...told) => new AuthError("misconfigured", explain(...told));
const later =
  (repeats: number): Verdict =>
  (answer, type, hint) =>
    transient(answer, type, { repeats, hint });

/**
 * What an error means, by "<type>: <message>"; the first that fits. The status says nothing: live it is 400 for nearly all of
 * them, whatever AWS's service model claims. The message has to be read, because NotAuthorizedException stands for ten things.
 */
const meanings: readonly (readonly [RegExp, Verdict, string])[] = [
  // After 5 failures for 1 s, doubling to 15 min; trying meanwhile does not prolong it (AWS, "Lockout behavior for failed sign-in attempts").
  [/^NotAuthorized.+Password attempts exceeded/, later(0), "the account is locked for a while after wrong passwords"],
  [/^NotAuthorized.+Refresh Token/, dead, "the refresh token has expired, was revoked, or belongs to another client or device"],
  [/^RefreshTokenReuse/, dead, "the refresh token was spent before"],
  [/^NotAuthorized.+secret ?hash/i, misconfigured, "the client secret is wrong or missing"],
  [/^NotAuthorized.+(Incorrect|not exist)|^UserNotFound/, refused, "wrong user name or password"],
  [/^NotAuthorized.+disabled/, refused, "the user is disabled"],
  [/^NotAuthorized.+Temporary password/, refused, "the temporary password has expired"],
  [/^NotAuthorized.+session|^ExpiredCode/, later(0), "a challenge was answered too late"],
  [/^NotAuthorized/, refused, "not authorized"],
  [/^CodeMismatch|^InvalidPassword|^EnableSoftwareToken/, refused, "the answer to a challenge was refused"],
  [/^PasswordResetRequired/, refused, "the password must be reset"],
  [/^UserNotConfirmed/, refused, "the user is not confirmed yet"],
  // Throttling may come without a type. Cognito never says how long to wait.
  [/^TooManyRequests|: (Rate exceeded|Too many requests)/, later(2), "too many requests"],
  [/^LimitExceeded|^TooManyFailedAttempts/, later(0), "too many attempts"],
  [/^InternalError|^UnexpectedLambda|^InvalidLambdaResponse/, later(1), "the service failed"],
  [/^ResourceNotFound/, misconfigured, "no such app client in this region"],
  [/^InvalidParameter/, misconfigured, "is the flow enabled for this app client?"],
  [/^Forbidden|^UserLambdaValidation/, misconfigured, "a firewall or trigger of the user pool refused"],
];

/** Whether an answer is an error, whatever its status says. */
export function isError(answer: TokenAnswer): boolean {
  return !answer.ok || errorType(answer) !== "";
}

/** The error an answer stands for. */
export function failureOf(answer: TokenAnswer): AuthError {
  const type = errorType(answer);
  const text = errorText(answer);
  const [, verdict, hint] = meanings.find(([pattern]) => pattern.test(text)) ?? [];
  return verdict && hint ? verdict(answer, type, hint) : unexpected(answer, type);
}

/** "<type>: <message>", empty parts where there is none. */
export function errorText(answer: TokenAnswer): string {
  const { Message, message = Message } = answer.body;
  return `${errorType(answer)}: ${typeof message === "string" ? message : ""}`;
}

/** The bare name, without a namespace before "#" and a URL after ":", or nothing. In the body, or in the header alone; an AWS front end nests it, and does so with status 200 too. */
export function errorType({ body, headers }: TokenAnswer): string {
  const type = body.__type ?? body.code ?? membersOf(body.Output).__type ?? headers.get("x-amzn-errortype");
  const [name = ""] = typeof type === "string" ? type.split(":", 1) : [];
  return name.slice(name.lastIndexOf("#") + 1);
}
