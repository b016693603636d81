import { textField } from "../kit/index.ts";
import { CognitoError, invalidParameter, notAuthorized } from "./errors.ts";
import { required } from "./required.ts";
import type { Step } from "./steps.ts";
import { userId } from "./steps.ts";
import type { Account } from "./users.ts";

/** NEW_PASSWORD_REQUIRED, at the first login with a temporary password. */
export function newPasswordStep(account: Account): Step {
  const { requiredAttributes = [] } = account.user;
  return {
    name: "NEW_PASSWORD_REQUIRED",
    // Both lists are JSON inside a string, and only one of them has the prefix.
    parameters: () => ({
      ...userId(account),
      requiredAttributes: JSON.stringify(requiredAttributes.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(account.attributes),
    }),
    take: (responses) => {
      const password = conforming(required(responses, "NEW_PASSWORD"));
      const given: Record<string, string> = {};
      for (const name of requiredAttributes) {
        const value = textField(responses, `userAttributes.${name}`);
        const known = account.attributes[name];
        if (value === undefined && known === undefined) throw invalidParameter(`Invalid attributes given, ${name} is missing`);
        if (value !== undefined && known !== undefined) throw notAuthorized(`Cannot modify an already provided ${name}`);
        if (value !== undefined) given[name] = value;
      }
      account.attributes = { ...account.attributes, ...given };
      account.password = password;
      account.state = "confirmed";
      return [];
    },
  };
}

/** The password, if the pool's policy allows it. */
export function conforming(password: string): string {
  if (password.length >= 8) return password;
  throw new CognitoError("InvalidPasswordException", "Password does not conform to policy: Password not long enough");
}
