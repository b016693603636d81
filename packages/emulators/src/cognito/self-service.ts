import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import type { Challenges } from "./challenges.ts";
import { confirmDevice, forgetDevice, updateDevice } from "./devices.ts";
import { CognitoError } from "./errors.ts";
import { conforming } from "./new-password-step.ts";
import { required } from "./required.ts";
import type { Note } from "./sign-in.ts";
import type { Ground } from "./steps.ts";
import type { Tokens } from "./tokens.ts";
import { totp } from "./totp.ts";
import type { Account } from "./users.ts";

type Operation<Answer> = (request: Fields, note: Note) => Promise<Answer>;

/** What users do to their own accounts, by an access token or amid a login. */
export interface SelfService {
  getUser: Operation<{
    readonly Username: string;
    readonly UserAttributes: readonly { readonly Name: string; readonly Value: string }[];
  }>;
  changePassword: Operation<object>;
  globalSignOut: Operation<object>;
  associateSoftwareToken: Operation<object>;
  verifySoftwareToken: Operation<object>;
  confirmDevice: Operation<object>;
  updateDeviceStatus: Operation<object>;
  forgetDevice: Operation<object | undefined>;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The operations of a pool that an access token is enough for. */
export function createSelfService({ facts, now, random, users }: Ground, tokens: Tokens, challenges: Challenges): SelfService {
  const byToken =
    <Answer>(work: (account: Account, request: Fields) => Answer): Operation<Answer> =>
    async (request, note) => {
      const token = required(request, "AccessToken");
      note({ tokenUsed: token });
      const account = await tokens.introspect(token);
      note({ identity: account.user.username });
      return work(account, request);
    };

  /** Whose second factor is set up: by a token, or in a login, whose Session is spent by it. */
  const enrolling = async (request: Fields, note: Note): Promise<{ account: Account; next: () => object }> => {
    const session = textField(request, "Session");
    const account = session ? challenges.find(session).account : await byToken((owner) => owner)(request, note);
    note({ identity: account.user.username });
    return { account, next: () => (session ? { Session: challenges.renew(session) } : {}) };
  };

  return {
    getUser: byToken(({ user, attributes }) => ({
      Username: user.username,
      UserAttributes: Object.entries({ sub: user.username, ...attributes }).map(([Name, Value]) => ({ Name, Value })),
    })),
    changePassword: byToken((account, request) => {
      users.judge(account, required(request, "PreviousPassword") === account.password);
      account.password = conforming(required(request, "ProposedPassword"));
      return {};
    }),
    globalSignOut: byToken((account) => {
      tokens.revokeRefresh(account.user.username);
      return {};
    }),
    associateSoftwareToken: async (request, note) => {
      const { account, next } = await enrolling(request, note);
      account.pendingTotpSecret = Array.from(random.bytes(32), (byte) => base32.charAt(byte % 32)).join("");
      return { SecretCode: account.pendingTotpSecret, ...next() };
    },
    verifySoftwareToken: async (request, note) => {
      const { account, next } = await enrolling(request, note);
      const code = required(request, "UserCode");
      const secret = account.pendingTotpSecret;
      if (!secret || code !== (await totp(secret, now()))) throw new CognitoError(facts.verifyMismatch, "Code mismatch");
      account.totpSecret = secret;
      return { Status: "SUCCESS", ...next() };
    },
    confirmDevice: byToken((account, request) => confirmDevice(account, request, facts)),
    updateDeviceStatus: byToken(updateDevice),
    forgetDevice: byToken(forgetDevice),
  };
}
