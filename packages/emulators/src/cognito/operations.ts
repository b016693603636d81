import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import type { Note } from "./sign-in.ts";
import type { UserPool } from "./user-pool.ts";

/** What the emulator's log and faults call the service's operations: InitiateAuth is a login or a refresh by its flow. */
export type CognitoOp =
  | "login"
  | "refresh"
  | "challenge"
  | "revoke"
  | "sign-out"
  | "get-user"
  | "change-password"
  | "forgot-password"
  | "software-token"
  | "device"
  | "jwks"
  | "unknown";

/** One operation of the service. */
export interface Operation {
  readonly op: CognitoOp | ((request: Fields) => CognitoOp);
  run(pool: UserPool, request: Fields, note: Note): object | undefined | Promise<object | undefined>;
}

/** The operations, by the names that the header X-Amz-Target ends in. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    "InitiateAuth",
    {
      op: (request) => (textField(request, "AuthFlow")?.startsWith("REFRESH_TOKEN") ? "refresh" : "login"),
      run: (pool, ...call) => pool.initiateAuth(...call),
    },
  ],
  ["RespondToAuthChallenge", { op: "challenge", run: (pool, ...call) => pool.respondToAuthChallenge(...call) }],
  ["GetTokensFromRefreshToken", { op: "refresh", run: (pool, ...call) => pool.getTokensFromRefreshToken(...call) }],
  ["RevokeToken", { op: "revoke", run: (pool, ...call) => pool.revokeToken(...call) }],
  ["GlobalSignOut", { op: "sign-out", run: (pool, ...call) => pool.globalSignOut(...call) }],
  ["GetUser", { op: "get-user", run: (pool, ...call) => pool.getUser(...call) }],
  ["ChangePassword", { op: "change-password", run: (pool, ...call) => pool.changePassword(...call) }],
  ["ForgotPassword", { op: "forgot-password", run: (pool, ...call) => pool.forgotPassword(...call) }],
  ["ConfirmForgotPassword", { op: "forgot-password", run: (pool, ...call) => pool.confirmForgotPassword(...call) }],
  ["AssociateSoftwareToken", { op: "software-token", run: (pool, ...call) => pool.associateSoftwareToken(...call) }],
  ["VerifySoftwareToken", { op: "software-token", run: (pool, ...call) => pool.verifySoftwareToken(...call) }],
  ["ConfirmDevice", { op: "device", run: (pool, ...call) => pool.confirmDevice(...call) }],
  ["UpdateDeviceStatus", { op: "device", run: (pool, ...call) => pool.updateDeviceStatus(...call) }],
  ["ForgetDevice", { op: "device", run: (pool, ...call) => pool.forgetDevice(...call) }],
]);
