import {
  AuthError,
  answeredAt,
  explain,
  type GrantContext,
  isAuthError,
  jwtClaims,
  type RequestContext,
  type TokenAnswer,
} from "@keyturn/core/provider";

/** The server's clock, as far as its answers tell: for what a client signs. Times in ms. */
export interface ServerClock {
  now(context: Pick<RequestContext, "now">): number;
  learn(answer: TokenAnswer, context: Pick<RequestContext, "now">): void;
  /** How far it is ahead of ours. 0 until an answer tells otherwise. */
  readonly ahead: number;
}

/** `Date` and `iat` have whole seconds: a clock that is less off counts as right. */
const tolerance = 2_000;

export function createServerClock(): ServerClock {
  let ahead = 0;
  return {
    now: ({ now }) => now() + ahead,
    learn(answer, { now }) {
      const { id_token } = answer.body;
      const time = answeredAt(answer, typeof id_token === "string" && jwtClaims(id_token).iat);
      if (time === undefined) return;
      // Any moment of the request will do: a slow answer is no wrong clock.
      const offset = Math.max(time - now(), Math.min(0, time + 1_000 - answer.startedAt));
      ahead = Math.abs(offset) < tolerance ? 0 : offset;
    },
    get ahead() {
      return ahead;
    },
  };
}

/**
 * Sends what is signed by the server's clock, and once more where the refusal told that this clock is another than was thought.
 * `mayBeClock` says whether that may have been the reason.
 */
export async function signedByClock<Result>(
  clock: ServerClock,
  attempt: () => Promise<Result>,
  mayBeClock: (error: unknown) => boolean,
): Promise<Result> {
  const { ahead } = clock;
  try {
    return await attempt();
  } catch (error) {
    if (Math.abs(clock.ahead - ahead) < tolerance || !mayBeClock(error)) throw error;
    return attempt();
  }
}

/**
 * A login by an assertion that is made for it: `login` gets the context with the server's clock to make it by. An assertion
 * holds no password, so that any refusal may be tried again.
 */
export function loginByAssertion<Result>(
  clock: ServerClock,
  context: GrantContext,
  login: (context: GrantContext) => Promise<Result>,
): Promise<Result> {
  const isRefusal = (error: unknown) => isAuthError(error) && error.code !== "token-request-failed";
  return signedByClock(clock, () => login({ ...context, now: () => clock.now(context) }), isRefusal);
}

/** A refused assertion is not refused for good: the next one is made anew, by a clock, a key or a registration that may be right by then. */
export function assertionFailure(answer: TokenAnswer): AuthError | undefined {
  const { error } = answer.body;
  if (answer.operation !== "login" || error !== "invalid_grant") return undefined;
  return new AuthError(
    "misconfigured",
    explain(answer, error, "the assertion was refused: check its issuer, audience and key, and the clock"),
  );
}
