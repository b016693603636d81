import { defaultAuth0User, defaultCognitoUser, defaultOloidUser } from "@keyturn/emulators";
import { providers } from "../matrix/providers.fixture.ts";
import { auth0Vendor, cognitoVendor, oloidVendor, type Vendor } from "../vendors.fixture.ts";

const cognitoStates = ["disabled", "unconfirmed", "reset-required", "force-change-password", "temporary-password-expired"] as const;
const auth0States = ["mfa-required", "password-leaked", "denied"] as const;

/** Every provider under every variant of its server, as the matrix has them: whoever joins there is here too. */
const variants: readonly Vendor[] = providers.flatMap(({ provider, trials }) =>
  trials.filter(({ contractOnly }) => !contractOnly).map(({ name, vendor }) => ({ ...vendor, name: `${provider} ${name}` })),
);

/** Accounts that a server does not simply let in. */
const troubled: readonly Vendor[] = [
  cognitoVendor({ name: "cognito, second factor", knobs: { users: [{ ...defaultCognitoUser, mfa: ["EMAIL_OTP"] }] } }),
  ...cognitoStates.map((state) => cognitoVendor({ name: `cognito, ${state}`, knobs: { users: [{ ...defaultCognitoUser, state }] } })),
  oloidVendor({ name: "oloid, challenge", knobs: { users: [{ ...defaultOloidUser, state: "force-change-password" }] } }),
  ...auth0States.map((state) => auth0Vendor({ name: `auth0, ${state}`, knobs: { users: [{ ...defaultAuth0User, state }] } })),
];

export const accounts: readonly Vendor[] = [...variants, ...troubled];
