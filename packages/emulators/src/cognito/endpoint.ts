import type { Call, CorsRule, Kit, Random } from "../kit/index.ts";
import { fieldsOf } from "../kit/index.ts";
import { CognitoError } from "./errors.ts";
import { type CognitoOp, type Operation, operations } from "./operations.ts";
import type { WireOptions } from "./options.ts";
import type { UserPool } from "./user-pool.ts";

/** Pages of every origin may call the service. */
export const cognitoCors: CorsRule = {
  origins: "*",
  expose: ["x-amzn-RequestId", "x-amzn-ErrorType", "x-amzn-ErrorMessage", "Date"],
  preflightStatus: 200,
};

const target = "AWSCognitoIdentityProviderService.";
const contentType = "application/x-amz-json-1.1";

/** The service's one URL (POST /, the operation named by a header, AWS JSON 1.1 both ways) and the pool's keys below its issuer. */
export function addCognitoEndpoint<Op extends string>(kit: Kit<Op | CognitoOp>, pool: UserPool, wire: WireOptions): void {
  const opOf = (call: Call): CognitoOp => {
    const { op = "unknown" } = operationOf(call) ?? {};
    return typeof op === "function" ? op(fieldsOf(call.json())) : op;
  };

  kit.route("POST", "/", opOf, async (call) => {
    // The service's front end answers before the service does, and in a shape of its own.
    if (!call.request.headers.get("content-type")?.startsWith(contentType)) return coralResponse(wire.coralStatus);
    const operation = operationOf(call);
    if (!operation) return respond(kit.random, 400, { __type: "UnknownOperationException" });
    const request = call.json();
    if (request === undefined) return respond(kit.random, 400, { __type: "SerializationException" });
    try {
      const answer = await operation.run(pool, fieldsOf(request), (facts) => call.note(facts));
      return respond(kit.random, 200, answer ?? (wire.revokeBody === "object" ? {} : undefined));
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error;
      return errorResponse(error, wire, kit.random);
    }
  });
  const keysPath = `${new URL(pool.issuer).pathname}/.well-known/jwks.json`;
  kit.route("GET", keysPath, "jwks", async () => Response.json(await pool.jwks()));
}

/** The service's way of saying "slow down", which never names a time to wait. */
export function cognitoThrottled(wire: WireOptions, random: Random): Response {
  return errorResponse(new CognitoError("TooManyRequestsException", "Rate exceeded"), wire, random);
}

function operationOf({ request }: Call): Operation | undefined {
  const name = request.headers.get("x-amz-target") ?? "";
  return name.startsWith(target) ? operations.get(name.slice(target.length)) : undefined;
}

const modelStatuses = new Map([
  ["NotAuthorizedException", 403],
  ["ForbiddenException", 403],
  ["UserNotFoundException", 404],
  ["ResourceNotFoundException", 404],
  ["TooManyRequestsException", 429],
  ["UnauthorizedException", 401],
]);

function errorResponse({ type, message }: CognitoError, wire: WireOptions, random: Random): Response {
  const { errorTypeIn = "both", bareThrottleBody = false } = wire;
  const bare = errorTypeIn === "header" || (bareThrottleBody && type === "TooManyRequestsException");
  const status = (wire.modelStatuses && modelStatuses.get(type)) || 400;
  const response = respond(random, status, bare ? { message } : { __type: type, message });
  // The colon is the service's own.
  if (errorTypeIn !== "body") response.headers.set("x-amzn-ErrorType", `${type}:`);
  response.headers.set("x-amzn-ErrorMessage", message);
  return response;
}

function respond(random: Random, status: number, body: object | undefined): Response {
  const headers = { "content-type": contentType, "x-amzn-requestid": random.uuid() };
  return new Response(body && JSON.stringify(body), { status, headers });
}

function coralResponse(status = 400): Response {
  return Response.json({ Output: { __type: "com.amazon.coral.service#UnknownOperationException" }, Version: "1.0" }, { status });
}
