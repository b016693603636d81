import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { invalidParameter } from "./errors.ts";
import { customStep, factorSteps, mfaSetupStep, passkeyStep, sentCode } from "./factor-steps.ts";
import { newPasswordStep } from "./new-password-step.ts";
import { deviceStep, passwordSrpStep, passwordStep, srpPath } from "./password-steps.ts";
import { required } from "./required.ts";
import type { Ground, Path, PendingLogin, Step } from "./steps.ts";
import type { Account } from "./users.ts";
import { checkState } from "./users.ts";

/** The steps of a login, from its InitiateAuth to its tokens. */
export async function pathOf(flow: string, account: Account, parameters: Fields, ground: Ground): Promise<Path> {
  const custom = (account.user.customChallenges ?? []).map((challenge) => customStep(challenge.parameters, challenge.answer));
  const confirmed: Path = [
    (login) => {
      checkState(login.account);
      return [];
    },
  ];
  const second: Path = [(login) => secondSteps(login, ground), ...custom];

  switch (flow) {
    case "USER_PASSWORD_AUTH":
      return [...(await passwordStep(account, ground).take(parameters)), ...second];
    case "USER_SRP_AUTH":
      return [...(await srpPath(account, parameters, ground)), ...second];
    case "CUSTOM_AUTH": {
      const first = textField(parameters, "CHALLENGE_NAME") === "SRP_A" ? await srpPath(account, parameters, ground) : confirmed;
      if (custom.length === 0) throw invalidParameter("Custom auth lambda trigger is not configured for the user pool.");
      return [...first, ...custom, (login) => deviceSteps(login, ground)];
    }
    case "USER_AUTH": {
      const { firstFactors = ["PASSWORD", "PASSWORD_SRP"] } = account.user;
      const begin = (kind: string, given: Fields) => firstSteps(kind, account, given, ground, second, confirmed);
      const preferred = textField(parameters, "PREFERRED_CHALLENGE");
      if (firstFactors.some((kind) => kind === preferred)) return begin(preferred ?? "", parameters);
      return [selectStep(account, firstFactors, begin)];
    }
    default:
      throw invalidParameter(`${flow} flow not enabled for this client`);
  }
}

/** One way of USER_AUTH. What it needs may have been sent along, or is asked for. */
async function firstSteps(kind: string, account: Account, given: Fields, ground: Ground, second: Path, confirmed: Path): Promise<Path> {
  switch (kind) {
    case "PASSWORD": {
      if (textField(given, "PASSWORD") === undefined) return [passwordStep(account, ground), ...second];
      await passwordStep(account, ground).take(given);
      return second;
    }
    case "PASSWORD_SRP":
      if (textField(given, "SRP_A") === undefined) return [passwordSrpStep(account, ground), ...second];
      return [...(await srpPath(account, given, ground)), ...second];
    case "EMAIL_OTP":
    case "SMS_OTP":
      return [sentCode(account, kind, ground), ...confirmed, (login) => deviceSteps(login, ground)];
    default:
      return [passkeyStep(account, ground), ...confirmed, (login) => deviceSteps(login, ground)];
  }
}

function selectStep(account: Account, available: readonly string[], begin: (kind: string, given: Fields) => Promise<Path>): Step {
  return {
    name: "SELECT_CHALLENGE",
    available,
    parameters: () => ({ USERNAME: account.user.username }),
    take: (responses) => {
      const answer = required(responses, "ANSWER");
      if (!available.includes(answer)) throw invalidParameter(`Invalid challenge ${answer}`);
      return begin(answer, responses);
    },
  };
}

/** What follows a password: a new one, a second factor, proof of a remembered device. */
function secondSteps(login: PendingLogin, ground: Ground): Path {
  const { account } = login;
  const { mfaSetup = [] } = account.user;
  const first = account.state === "force-change-password" ? [newPasswordStep(account)] : [];
  const device = deviceSteps(login, ground);
  if (device.length > 0 && ground.facts.deviceReplacesMfa) return [...first, ...device];
  const setup = mfaSetup.length > 0 && account.mfa.length === 0 ? [mfaSetupStep(account, mfaSetup, ground)] : [];
  return [...first, ...(setup.length > 0 ? setup : factorSteps(account, ground)), ...device];
}

function deviceSteps({ account, deviceKey }: PendingLogin, ground: Ground): Step[] {
  const device = account.devices.get(deviceKey ?? "");
  return device?.remembered ? [deviceStep(account, ground)] : [];
}
