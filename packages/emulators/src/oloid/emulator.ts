import { addCognitoEndpoint, cognitoCors, cognitoThrottled } from "../cognito/endpoint.ts";
import { CognitoError } from "../cognito/errors.ts";
import { addGateway, gatewayCors, gatewayThrottled } from "../cognito/gateway.ts";
import type { CognitoOp, UserPoolControl } from "../cognito/index.ts";
import { createUserPool } from "../cognito/user-pool.ts";
import type { Call, Control, Emulator, Kit, ResourceControl } from "../kit/index.ts";
import { createKit, createSigner, fieldsOf, textField } from "../kit/index.ts";
import { loginAnswer, loginFailure } from "./answers.ts";
import type { OloidOptions } from "./options.ts";
import { defaultOloidTenant, defaultOloidUser } from "./options.ts";

/** The test's side of the OLOID emulator. */
export type OloidControl = Control<CognitoOp | "api"> & UserPoolControl & ResourceControl;

// The pool behind the API has one client, which only the API's own server knows how to log in with.
const clientId = "2example3456789";
const loginFlow = "USER_PASSWORD_AUTH";
const refreshFlow = "REFRESH_TOKEN_AUTH";

/** OLOID's Login API (POST /Login, also /login) over a user pool of its own, whose Cognito endpoint is POST /. */
export function createOloidEmulator(options: OloidOptions = {}): Emulator<OloidControl> {
  const { users = [defaultOloidUser], tenantName = defaultOloidTenant, cognitoRefresh = "allowed", origins = [] } = options;
  const kit: Kit<CognitoOp | "api"> = createKit({
    ...options,
    name: "oloid",
    throttled: (throttled, { url }) => (url.pathname === "/" ? cognitoThrottled({}, kit.random) : gatewayThrottled(throttled)),
    cors: (path) => (path === "/" ? cognitoCors : gatewayCors({ origins })),
  });
  const authFlows = cognitoRefresh === "allowed" ? [loginFlow, refreshFlow] : [loginFlow];
  const pool = createUserPool({ ...options, users, clients: [{ clientId, authFlows }] }, kit.now, kit.random, createSigner());

  const login = async (call: Call) => {
    const request = fieldsOf(call.json());
    const [userName, tenant, password] = ["UserName", "TenantName", "Password"].map((name) => textField(request, name));
    if (userName === undefined || tenant === undefined || password === undefined)
      return loginFailure(400, "Missing required field", options);
    call.note({ identity: userName });
    if (tenant !== tenantName) return loginFailure(401, "Unknown tenant", options);
    try {
      const answer = await pool.initiateAuth(
        {
          AuthFlow: loginFlow,
          ClientId: clientId,
          AuthParameters: { USERNAME: userName, PASSWORD: password },
        },
        (facts) => call.note(facts),
      );
      return loginAnswer(answer, { userName, tenantName }, options);
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error;
      return loginFailure(401, error.message, options);
    }
  };

  kit.route("POST", "/Login", "login", login);
  kit.route("POST", "/login", "login", login);
  addCognitoEndpoint(kit, pool, {});
  const resource = addGateway(kit, pool, options.resource);
  kit.onReset(() => pool.reset());
  return kit.emulator({ ...pool.control, ...resource });
}
