import type { CognitoControl } from "../cognito/emulator.ts";
import { createPoolEmulator } from "../cognito/emulator.ts";
import type { CognitoOptions } from "../cognito/options.ts";
import type { CognitoUser } from "../cognito/people.ts";
import type { Emulator } from "../kit/index.ts";

/** Options of the XFA emulator: those of Cognito but for the pool and its client, which are XFA's. */
export type XfaOptions = Omit<CognitoOptions, "region" | "userPoolId" | "clients">;

/** The app client XFA prints in its public documentation; it has no secret. */
export const xfaClientId = "5svu9bb7s7gvmq404ilp0mrul2";

/** A service account. */
export const defaultXfaUser: CognitoUser & { readonly email: string } = {
  username: "2f0a1c9e-6b7d-4f55-8a3e-91c0d2b4e6f8",
  email: "service@example.com",
  password: "Correct-Horse-9!",
};

/** XFA: its Cognito endpoint (POST /) and its API behind it, in one server. */
export function createXfaEmulator(options: XfaOptions = {}): Emulator<CognitoControl> {
  return createPoolEmulator("xfa", { users: [defaultXfaUser], ...options, region: "eu-west-1", clients: [{ clientId: xfaClientId }] });
}
