import type { JSONWebKeySet } from "jose";
import type { Fields, Random, Signer } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { createChallenges } from "./challenges.ts";
import { issuerOf } from "./claims.ts";
import type { UserPoolOptions } from "./options.ts";
import { userPoolFacts } from "./options.ts";
import { createPasswordReset, type PasswordReset } from "./password-reset.ts";
import type { AccountState } from "./people.ts";
import { required } from "./required.ts";
import { requireSecret } from "./secret-hash.ts";
import { createSelfService, type SelfService } from "./self-service.ts";
import { clientAmong, createSignIn, type Note, type SignIn } from "./sign-in.ts";
import type { Ground } from "./steps.ts";
import type { SignedToken } from "./tokens.ts";
import { createTokens } from "./tokens.ts";
import { createUsers } from "./users.ts";

/** A user pool: requests in, answers out, no HTTP. Refusals are thrown as CognitoError. */
export interface UserPool extends SignIn, SelfService, PasswordReset {
  readonly issuer: string;
  revokeToken(request: Fields, note: Note): undefined;
  jwks(): Promise<JSONWebKeySet>;
  /** What an API that trusts the pool's keys knows of a token. */
  verify(token: string): Promise<SignedToken | undefined>;
  readonly control: UserPoolControl;
  reset(): void;
}

/** The test's side of a pool. Users go by user name or alias. */
export interface UserPoolControl {
  /** Access and id tokens die now, on the server only. */
  expireAccess(who?: string): void;
  /** Ends every session as RevokeToken would. */
  revokeRefresh(who?: string): void;
  /** Wrong passwords that count towards the lockout. */
  failedLogins(who: string): number;
  /** When the lockout ends; undefined where there is none. */
  lockedUntil(who: string): number | undefined;
  setPassword(who: string, password: string): void;
  setState(who: string, state: AccountState): void;
  /** The code last sent to a user by e-mail or text message. */
  sentCode(who: string): string | undefined;
  /** Keys of the devices a user has logged in from. */
  deviceKeys(who: string): readonly string[];
  /** Forgets a user's devices, as an administrator may. */
  forgetDevices(who: string): void;
}

/** A user pool on a server's clock. */
export function createUserPool(options: UserPoolOptions, now: () => number, random: Random, signer: Signer): UserPool {
  const facts = userPoolFacts(options);
  const users = createUsers(facts, now);
  const tokens = createTokens(facts, now, random, signer);
  const challenges = createChallenges(facts, now, random);
  const clientOf = clientAmong(facts.clients);
  const ground: Ground = { facts, now, random, users };

  const account = (who: string) => {
    const found = users.find(who);
    if (!found) throw new TypeError(`The pool has no user ${who}.`);
    return found;
  };
  const realName = (who: string | undefined) => (who === undefined ? undefined : account(who).user.username);

  return {
    issuer: issuerOf(facts),
    ...createSignIn(ground, tokens, challenges, clientOf),
    ...createSelfService(ground, tokens, challenges),
    ...createPasswordReset(ground, clientOf),
    revokeToken: (request, note) => {
      const client = clientOf(request);
      const token = required(request, "Token");
      note({ tokenUsed: token });
      requireSecret(client, textField(request, "ClientSecret"));
      tokens.revoke(token, client.clientId);
    },
    jwks: () => signer.jwks(),
    verify: (token) => tokens.verify(token),
    control: {
      expireAccess: (who) => tokens.expireAccess(realName(who)),
      revokeRefresh: (who) => tokens.revokeRefresh(realName(who)),
      failedLogins: (who) => account(who).failures,
      lockedUntil: (who) => (now() < account(who).lockedUntil ? account(who).lockedUntil : undefined),
      setPassword: (who, password) => {
        account(who).password = password;
      },
      setState: (who, state) => {
        account(who).state = state;
      },
      sentCode: (who) => account(who).sentCode,
      deviceKeys: (who) => [...account(who).devices.keys()],
      forgetDevices: (who) => account(who).devices.clear(),
    },
    reset: () => {
      users.reset();
      tokens.clear();
      challenges.clear();
    },
  };
}
