import type { Fields, Random } from "../kit/index.ts";
import { fieldsOf, textField } from "../kit/index.ts";
import { CognitoError, invalidParameter } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import { required } from "./required.ts";
import type { SrpSecret } from "./srp.ts";
import type { Account } from "./users.ts";

/** A device that logged in once. */
export interface Device {
  readonly key: string;
  readonly groupKey: string;
  /** Absent until the device is confirmed. */
  secret?: SrpSecret;
  name?: string;
  remembered: boolean;
}

/** A new device of an account, as every login without a known one gets. */
export function addDevice(account: Account, { region }: Required<UserPoolOptions>, random: Random): Device {
  const device = { key: `${region}_${random.uuid()}`, groupKey: `-${random.text(9).replaceAll(/[-_]/g, "x")}`, remembered: false };
  account.devices.set(device.key, device);
  return device;
}

/** The device of a key; clients recognise the refusal by the word "device". */
export function requireDevice(account: Account, key: string): Device {
  const device = account.devices.get(key);
  if (!device) throw new CognitoError("ResourceNotFoundException", "Device does not exist.");
  return device;
}

/** ConfirmDevice: from here on the device can prove itself. */
export function confirmDevice(account: Account, request: Fields, facts: Required<UserPoolOptions>): object {
  const device = requireDevice(account, required(request, "DeviceKey"));
  const config = fieldsOf(request.DeviceSecretVerifierConfig);
  const salt = numberOf(required(config, "Salt"));
  const verifier = numberOf(required(config, "PasswordVerifier"));
  device.secret = { group: device.groupKey, name: device.key, salt: salt.toString(16), verifier };
  device.name = textField(request, "DeviceName") ?? device.key;
  device.remembered = facts.deviceTracking === "always";
  return { UserConfirmationNecessary: facts.deviceTracking === "opt-in" };
}

/** UpdateDeviceStatus. */
export function updateDevice(account: Account, request: Fields): object {
  const device = requireDevice(account, required(request, "DeviceKey"));
  const status = required(request, "DeviceRememberedStatus");
  if (status !== "remembered" && status !== "not_remembered") throw invalidParameter(`Invalid DeviceRememberedStatus ${status}`);
  device.remembered = status === "remembered";
  return {};
}

/** ForgetDevice. */
export function forgetDevice(account: Account, request: Fields): undefined {
  const device = requireDevice(account, required(request, "DeviceKey"));
  account.devices.delete(device.key);
}

function numberOf(base64: string): bigint {
  try {
    return BigInt(`0x${Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("")}`);
  } catch {
    throw invalidParameter("The device secret verifier is not base64");
  }
}
