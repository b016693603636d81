import {
  type AuthError,
  ChallengeRequiredError,
  explain,
  type GrantContext,
  membersOf,
  type TokenAnswer,
  type TokenSet,
} from "@keyturn/core/provider";

/** A second factor that the tenant asks for before it issues tokens. */
export interface Auth0Challenge {
  /** "mfa_required" at first; "oob" once a code was sent, and is now asked for. */
  readonly name: "mfa_required" | "oob";
  /** The kinds of factors the user has, e.g. "otp", "oob"; empty where the tenant does not tell. */
  readonly types: readonly string[];
  /** 1, and one more each time a code was refused. */
  readonly attempt: number;
}

/**
 * The code an authenticator app shows; or the wish to have one sent, by a certain authenticator or the user's first; or the
 * code that was sent.
 */
export type Auth0ChallengeResponse =
  | { readonly otp: string }
  | { readonly send: true; readonly authenticatorId?: string }
  | { readonly bindingCode: string };

/** Answers a challenge. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export type OnAuth0Challenge = (
  challenge: Auth0Challenge,
) => Auth0ChallengeResponse | undefined | Promise<Auth0ChallengeResponse | undefined>;

/** What answering takes of the tenant. Both throw what a refusal means. */
export interface MfaEndpoints {
  /** The token endpoint, with one of the grants for second factors. */
  trade(factor: "otp" | "oob", parameters: Readonly<Record<string, string>>): Promise<TokenSet>;
  /** POST /mfa/challenge. */
  challenge(parameters: Readonly<Record<string, string>>): Promise<TokenAnswer>;
}

const maxAttempts = 3;
/** Codes sent and codes tried of one login: who has one sent again and again does not get three more attempts each time. */
const maxRounds = 10;

/** Goes from "mfa_required" to tokens (auth0.com/docs, "Authenticate Using the Resource Owner Password Flow with MFA"). */
export async function answerMfa(
  asked: TokenAnswer,
  onChallenge: OnAuth0Challenge,
  endpoints: MfaEndpoints,
  context: GrantContext,
): Promise<TokenSet> {
  const mfaToken = String(asked.body.mfa_token);
  let challenge: Auth0Challenge = { name: "mfa_required", types: typesIn(asked), attempt: 1 };
  let oobCode = "";
  for (let round = 1; ; round++) {
    if (round > maxRounds) throw unanswered(challenge, asked, `${maxRounds} challenges were answered, and none with the right code`);
    const response = await responseTo(challenge, onChallenge, asked, context);
    if ("send" in response) {
      const { authenticatorId } = response;
      const authenticator: Record<string, string> = authenticatorId ? { authenticator_id: authenticatorId } : {};
      const { body } = await endpoints.challenge({ mfa_token: mfaToken, challenge_type: "oob", ...authenticator });
      oobCode = String(body.oob_code);
      challenge = { name: "oob", types: challenge.types, attempt: 1 };
      continue;
    }
    const [factor, code] =
      "otp" in response
        ? (["otp", { otp: response.otp }] as const)
        : (["oob", { oob_code: oobCode, binding_code: response.bindingCode }] as const);
    try {
      return await endpoints.trade(factor, { mfa_token: mfaToken, ...code });
    } catch (thrown) {
      const { code: meaning } = thrown as AuthError; // whatever it is, it is only looked at
      if (meaning !== "credentials-rejected") throw thrown;
      if (challenge.attempt >= maxAttempts) throw unanswered(challenge, asked, `${maxAttempts} codes were refused`);
      challenge = { ...challenge, attempt: challenge.attempt + 1 };
    }
  }
}

async function responseTo(
  challenge: Auth0Challenge,
  onChallenge: OnAuth0Challenge,
  asked: TokenAnswer,
  context: GrantContext,
): Promise<Auth0ChallengeResponse> {
  let cause: unknown;
  try {
    const response = await context.ask(async () => onChallenge(challenge));
    if (response) return response;
  } catch (error) {
    cause = error;
  }
  throw unanswered(challenge, asked, "onChallenge gave no answer", cause);
}

function unanswered({ name }: Auth0Challenge, asked: TokenAnswer, hint: string, cause?: unknown): ChallengeRequiredError {
  return new ChallengeRequiredError(explain(asked, name, hint), { challenge: name, cause });
}

function typesIn({ body }: TokenAnswer): readonly string[] {
  const { challenge } = membersOf(body.mfa_requirements);
  const types = Array.isArray(challenge) ? challenge.map((one) => membersOf(one).type) : [];
  return types.filter((type) => typeof type === "string");
}
