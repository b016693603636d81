import { AuthError, base64, type GrantContext, membersOf, type TokenAnswer, transient } from "@keyturn/core/provider";
import { errorText, errorType } from "./errors.ts";
import { claim } from "./password-proof.ts";
import type { CognitoPool } from "./pool.ts";
import { beginSrp, type SrpExchange, srpVerifier } from "./srp.ts";

/** A remembered device. Keep it like a password: in some pools it stands in for a second factor. */
export interface CognitoDevice {
  readonly key: string;
  readonly groupKey: string;
  readonly password: string;
}

/** Where devices are kept, by user name. A Map will do, until the process ends. */
export interface CognitoDevices {
  get(username: string): CognitoDevice | undefined | Promise<CognitoDevice | undefined>;
  set(username: string, device: CognitoDevice): unknown;
  delete(username: string): unknown;
}

/** The device that one login comes from. */
export interface DeviceProof {
  /** Goes with every request of the login. */
  readonly parameters: { readonly DEVICE_KEY?: string };
  /** Answers the challenges that prove a device; undefined for any other. */
  answer(asked: TokenAnswer, context: GrantContext): Promise<Readonly<Record<string, string>> | undefined>;
  /** Whether the pool does not know the device, which is then forgotten: the same request may go again without it. */
  isUnknown(answer: TokenAnswer): Promise<boolean>;
  /** Confirms the device that a finished login was given. */
  confirm(result: unknown, context: GrantContext): Promise<void>;
}

export async function deviceProof(devices: CognitoDevices, username: string, pool: CognitoPool): Promise<DeviceProof> {
  let device = await devices.get(username);
  let exchange: SrpExchange | undefined;
  const forget = async (): Promise<void> => {
    device = undefined;
    await devices.delete(username);
  };

  return {
    get parameters() {
      return device ? { DEVICE_KEY: device.key } : {};
    },
    async answer(asked, context) {
      const { ChallengeName } = asked.body;
      if (!device) return undefined;
      if (ChallengeName === "DEVICE_SRP_AUTH") {
        exchange = beginSrp();
        return { SRP_A: exchange.SRP_A };
      }
      if (ChallengeName !== "DEVICE_PASSWORD_VERIFIER" || !exchange) return undefined;
      return claim(exchange, { group: device.groupKey, name: device.key, password: device.password }, asked, context);
    },
    async isUnknown(answer) {
      // Its proof failed: the password of the user, which was right, is not to blame.
      if (exchange && /^NotAuthorized.+Incorrect/.test(errorText(answer))) {
        await forget();
        throw transient(answer, errorType(answer), { repeats: 1, hint: "the device was refused" });
      }
      if (!device || !/^ResourceNotFound.+device/i.test(errorText(answer))) return false;
      await forget();
      return true;
    },
    async confirm(result, context) {
      const { AccessToken, NewDeviceMetadata } = membersOf(result);
      const { DeviceKey: key, DeviceGroupKey: groupKey } = membersOf(NewDeviceMetadata);
      if (typeof key !== "string" || typeof groupKey !== "string") return;
      const password = base64(crypto.getRandomValues(new Uint8Array(40)));
      const DeviceSecretVerifierConfig = await srpVerifier({ group: groupKey, name: key, password });
      try {
        const answer = await pool.call("login", "ConfirmDevice", { AccessToken, DeviceKey: key, DeviceSecretVerifierConfig }, context);
        if (answer.ok && !errorType(answer)) await devices.set(username, { key, groupKey, password });
      } catch (error) {
        if (!(error instanceof AuthError)) throw error; // the login is done: without a device it only cannot be refreshed
      }
    },
  };
}
