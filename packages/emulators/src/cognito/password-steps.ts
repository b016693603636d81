import type { Fields } from "../kit/index.ts";
import { invalidParameter, notAuthorized } from "./errors.ts";
import { required } from "./required.ts";
import type { SrpExchange } from "./srp.ts";
import { beginSrp, srpSalt, srpSecret } from "./srp.ts";
import type { Ground, Path, Step } from "./steps.ts";
import { userId } from "./steps.ts";
import type { Account } from "./users.ts";

/** PASSWORD: the password itself. */
export function passwordStep(account: Account, { users }: Ground): Step {
  return {
    name: "PASSWORD",
    parameters: () => userId(account),
    take: (responses) => {
      users.judge(account, required(responses, "PASSWORD") === account.password);
      return [];
    },
  };
}

/** PASSWORD_SRP: the client's A, wherever it was not sent along. */
export function passwordSrpStep(account: Account, ground: Ground): Step {
  return { name: "PASSWORD_SRP", parameters: () => userId(account), take: (responses) => srpPath(account, responses, ground) };
}

/** What follows a client's A: proof of the user's password. */
export async function srpPath(account: Account, parameters: Fields, ground: Ground): Promise<Path> {
  const { facts, random, users } = ground;
  const { username } = account.user;
  // Of a password and not of a login: the salt of a user stays the same.
  if (account.srp?.password !== account.password) {
    const poolName = facts.userPoolId.replace(/^.*_/, "");
    account.srp = { password: account.password, secret: srpSecret(poolName, username, account.password, srpSalt(random)) };
  }
  const secret = await account.srp.secret;
  const exchange = await requireA(beginSrp(secret, required(parameters, "SRP_A"), random));
  const facing = { USERNAME: username, ...userId(account) };
  return [verifierStep("PASSWORD_VERIFIER", exchange, facing, ground, (right) => users.judge(account, right))];
}

/** DEVICE_SRP_AUTH, and the proof that follows it: this device knows the password it was confirmed with. */
export function deviceStep(account: Account, ground: Ground): Step {
  return {
    name: "DEVICE_SRP_AUTH",
    parameters: () => ({}),
    take: async (responses) => {
      const key = required(responses, "DEVICE_KEY");
      const secret = account.devices.get(key)?.secret;
      if (!secret) throw notAuthorized("Incorrect username or password.");
      const exchange = await requireA(beginSrp(secret, required(responses, "SRP_A"), ground.random));
      const facing = { USERNAME: account.user.username, DEVICE_KEY: key };
      return [
        verifierStep("DEVICE_PASSWORD_VERIFIER", exchange, facing, ground, (right) => {
          if (!right) throw notAuthorized("Incorrect username or password.");
        }),
      ];
    },
  };
}

async function requireA(begun: Promise<SrpExchange | undefined>): Promise<SrpExchange> {
  const exchange = await begun;
  if (!exchange) throw invalidParameter("Invalid SRP_A");
  return exchange;
}

/** Answered within seconds, at the only try. */
function verifierStep(
  name: string,
  exchange: SrpExchange,
  facing: Readonly<Record<string, string>>,
  { now, facts }: Ground,
  judge: (right: boolean) => void,
): Step {
  const until = now() + facts.srpAnswerTime;
  return {
    name,
    onlyTry: true,
    parameters: () => ({ ...exchange.parameters, ...facing }),
    take: async (responses) => {
      const block = required(responses, "PASSWORD_CLAIM_SECRET_BLOCK");
      const signature = required(responses, "PASSWORD_CLAIM_SIGNATURE");
      const timestamp = required(responses, "TIMESTAMP");
      if (now() >= until) throw notAuthorized("Invalid session for the user, session is expired.");
      judge(await exchange.accepts({ block, signature, timestamp }));
      return [];
    },
  };
}
