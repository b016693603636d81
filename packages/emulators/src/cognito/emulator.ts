import type { Control, Emulator, Kit, ResourceControl } from "../kit/index.ts";
import { createKit, createSigner } from "../kit/index.ts";
import { addCognitoEndpoint, cognitoCors, cognitoThrottled } from "./endpoint.ts";
import { addGateway, gatewayCors, gatewayThrottled } from "./gateway.ts";
import type { CognitoOp } from "./operations.ts";
import type { CognitoOptions } from "./options.ts";
import type { UserPoolControl } from "./user-pool.ts";
import { createUserPool } from "./user-pool.ts";

/** The test's side of the Cognito emulator. */
export type CognitoControl = Control<CognitoOp | "api"> & UserPoolControl & ResourceControl;

/** Amazon Cognito's user pools, with a protected API behind them. */
export function createCognitoEmulator(options: CognitoOptions = {}): Emulator<CognitoControl> {
  return createPoolEmulator("cognito", options);
}

/** The same under the name of a vendor that uses it. */
export function createPoolEmulator(name: string, options: CognitoOptions): Emulator<CognitoControl> {
  const kit: Kit<CognitoOp | "api"> = createKit({
    ...options,
    name,
    throttled: (throttled, call) => (isApi(call.url.pathname) ? gatewayThrottled(throttled) : cognitoThrottled(options, kit.random)),
    cors: (path) => (isApi(path) ? gatewayCors(options.resource) : cognitoCors),
  });
  const pool = createUserPool(options, kit.now, kit.random, createSigner());
  addCognitoEndpoint(kit, pool, options);
  const resource = addGateway(kit, pool, options.resource);
  kit.onReset(() => pool.reset());
  return kit.emulator({ ...pool.control, ...resource });
}

const isApi = (path: string) => path === "/protected" || path === "/echo";
