import { explain, type GrantContext, type TokenAnswer, TokenResponseError } from "@keyturn/core/provider";
import { choicesIn, parametersIn } from "./challenge.ts";
import type { SrpClaim, SrpExchange, SrpSecret } from "./srp.ts";

/** How a login begins. SRP proves the password without sending it. */
export type CognitoFlow = "USER_PASSWORD_AUTH" | "USER_SRP_AUTH" | "USER_AUTH" | "CUSTOM_AUTH";

/** What USER_AUTH may begin with. */
export type CognitoFirstFactor = "PASSWORD" | "PASSWORD_SRP" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";

type Responses = Readonly<Record<string, string>>;

/** A password, in whichever form a login is asked for it. */
export interface PasswordProof {
  /** What goes with the first request of a flow. */
  first(flow: CognitoFlow, firstFactor: CognitoFirstFactor | undefined): Promise<Responses>;
  /** What goes with the choice of a way to log in. */
  chosen(way: string | undefined): Promise<Responses>;
  /** Answers a challenge that a password answers; undefined for any other. */
  answer(asked: TokenAnswer, context: GrantContext): Promise<Responses | undefined>;
}

/** @param choosing Whether nobody else decides what USER_AUTH begins with. */
export function passwordProof(password: string | undefined, poolName: string | undefined, choosing: boolean): PasswordProof {
  let exchange: SrpExchange | undefined;

  const chosen = async (way: string | undefined): Promise<Responses> => {
    if (password && way === "PASSWORD") return { PASSWORD: password };
    if (!password || way !== "PASSWORD_SRP") return {};
    exchange = (await import("./srp.ts")).beginSrp();
    return { SRP_A: exchange.SRP_A };
  };

  return {
    chosen,
    async first(flow, firstFactor) {
      if (flow === "USER_PASSWORD_AUTH") return chosen("PASSWORD");
      if (flow === "USER_SRP_AUTH") return chosen("PASSWORD_SRP");
      if (flow === "USER_AUTH") return { ...(firstFactor && { PREFERRED_CHALLENGE: firstFactor }), ...(await chosen(firstFactor)) };
      return password ? { CHALLENGE_NAME: "SRP_A", ...(await chosen("PASSWORD_SRP")) } : {};
    },
    async answer(asked, context) {
      const { ChallengeName } = asked.body;
      if (!password) return undefined;
      if (ChallengeName === "PASSWORD" || ChallengeName === "PASSWORD_SRP") return chosen(ChallengeName);
      if (ChallengeName === "SELECT_CHALLENGE" && choosing) {
        const ANSWER = poolName && choicesIn(asked.body).includes("PASSWORD_SRP") ? "PASSWORD_SRP" : "PASSWORD";
        return { ANSWER, ...(await chosen(ANSWER)) };
      }
      if (ChallengeName !== "PASSWORD_VERIFIER" || !exchange || !poolName) return undefined;
      return claim(exchange, { group: poolName, name: parametersIn(asked.body).USER_ID_FOR_SRP ?? "", password }, asked, context);
    },
  };
}

/** Answers a verifier challenge. AWS wants that within seconds, so that nobody is asked anything. */
export async function claim(exchange: SrpExchange, secret: SrpSecret, asked: TokenAnswer, context: GrantContext): Promise<SrpClaim> {
  const { SALT = "", SRP_B = "", SECRET_BLOCK = "" } = parametersIn(asked.body);
  const numbers = /^[\da-f]+$/i.test(SALT) && /^[\da-f]+$/i.test(SRP_B);
  const claimed = numbers ? await exchange.claim(secret, { SALT, SRP_B, SECRET_BLOCK }, context.now()) : undefined;
  if (!claimed) throw new TokenResponseError(explain(asked, asked.body.ChallengeName, "the values for SRP are invalid"));
  return claimed;
}
