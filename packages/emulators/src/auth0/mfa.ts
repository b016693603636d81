import { totp } from "../cognito/index.ts";
import type { Fields, Random } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import type { TokenRequest } from "./access-tokens.ts";
import { Auth0Error, missingParameter } from "./errors.ts";
import type { Auth0Facts } from "./options.ts";

/** A login that waits for a second factor. */
export type PendingLogin = Pick<TokenRequest, "grant" | "asked">;

/** The second factors of the tenant's users: an authenticator app, and a code sent out of band. */
export interface Mfa {
  /** What a login gets that has to bring a factor. */
  require(login: PendingLogin): Auth0Error;
  /** POST /mfa/challenge: picks a factor, and sends a code where it is one that is sent. */
  challenge(fields: Fields): object;
  /** GET /mfa/authenticators. */
  authenticators(mfaToken: string | undefined): readonly object[];
  /** The login that a factor completes; works once. */
  verify(fields: Fields, factor: "otp" | "oob"): Promise<PendingLogin>;
  /** The code last sent to a user. */
  sentCode(username: string): string | undefined;
  reset(): void;
}

interface Pending extends PendingLogin {
  readonly expiresAt: number;
  readonly sent: Map<string, string>;
}

const lifetime = 600_000;
const wrongCode = (name: string) => new Auth0Error(403, "invalid_grant", `Invalid ${name}.`);

/** Second factors, with mfa_tokens of ten minutes. */
export function createMfa({ mfaStatus, mfaRequirements }: Auth0Facts, now: () => number, random: Random): Mfa {
  const pending = new Map<string, Pending>();
  const codes = new Map<string, string>();

  const pendingOf = (mfaToken: string | undefined): Pending => {
    if (mfaToken === undefined) throw missingParameter("mfa_token");
    const found = pending.get(mfaToken);
    if (!found) throw new Auth0Error(403, "invalid_grant", "Malformed mfa_token");
    if (now() >= found.expiresAt) throw new Auth0Error(403, "expired_token", "mfa_token is expired");
    return found;
  };

  const bound = (found: Pending, fields: Fields): boolean => {
    const code = found.sent.get(textField(fields, "oob_code") ?? "");
    return code !== undefined && code === textField(fields, "binding_code");
  };

  return {
    require: (login) => {
      const token = `Fe26.2**${random.text(120)}`;
      pending.set(token, { ...login, expiresAt: now() + lifetime, sent: new Map() });
      const requirements = mfaRequirements ? { mfa_requirements: { challenge: [{ type: "otp" }, { type: "oob" }] } } : {};
      return new Auth0Error(mfaStatus, "mfa_required", "Multifactor authentication required", { mfa_token: token, ...requirements });
    },
    challenge: (fields) => {
      const found = pendingOf(textField(fields, "mfa_token"));
      const kinds = (textField(fields, "challenge_type") ?? "otp oob").split(" ");
      if (kinds.includes("otp")) return { challenge_type: "otp" };
      if (!kinds.includes("oob"))
        throw new Auth0Error(403, "unsupported_challenge_type", "User does not have any of the requested challenge types");
      const oobCode = random.text(40);
      const code = random.digits(6);
      found.sent.set(oobCode, code);
      codes.set(found.grant.user.username, code);
      return { challenge_type: "oob", oob_code: oobCode, binding_method: "prompt" };
    },
    authenticators: (mfaToken) => {
      pendingOf(mfaToken);
      return [
        { id: "totp|dev_example0000001", authenticator_type: "otp", active: true },
        { id: "sms|dev_example0000002", authenticator_type: "oob", active: true, oob_channel: "sms", name: "+49XXXXXXXX00" },
      ];
    },
    verify: async (fields, factor) => {
      const mfaToken = textField(fields, "mfa_token");
      const found = pendingOf(mfaToken);
      const right =
        factor === "otp"
          ? textField(fields, "otp") === (await totp(found.grant.user.totpSecret ?? defaultTotpSecret, now()))
          : bound(found, fields);
      if (!right) throw wrongCode(factor === "otp" ? "otp_code" : "binding_code");
      pending.delete(mfaToken ?? "");
      return found;
    },
    sentCode: (username) => codes.get(username),
    reset: () => {
      pending.clear();
      codes.clear();
    },
  };
}

/** The authenticator app of users without one of their own. */
export const defaultTotpSecret = "JBSWY3DPEHPK3PXP";
