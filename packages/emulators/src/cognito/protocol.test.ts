import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import { call, clientId, login, password, postTo, refusal, user } from "./requests.fixture.ts";

const create = (options: CognitoOptions = {}) => createCognitoEmulator({ clock: manualClock(), ...options });

describe("the protocol", () => {
  it("answers a good login with 200, AWS JSON 1.1 and a request id", async () => {
    const response = await login(create());
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("names an error's type in the body and, with a trailing colon, in the header", async () => {
    const response = await login(create(), { PASSWORD: "wrong" });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-ErrorType")).toBe("NotAuthorizedException:");
    expect(response.headers.get("x-amzn-ErrorMessage")).toBe("Incorrect username or password.");
    expect(await response.text()).toBe('{"__type":"NotAuthorizedException","message":"Incorrect username or password."}');
  });

  it.each([
    ["header", "NotAuthorizedException:", { message: "Incorrect username or password." }],
    ["body", null, { __type: "NotAuthorizedException", message: "Incorrect username or password." }],
  ] as const)("can name it in the %s only", async (errorTypeIn, header, body) => {
    const response = await login(create({ errorTypeIn }), { PASSWORD: "wrong" });
    expect(response.headers.get("x-amzn-ErrorType")).toBe(header);
    expect(await response.json()).toEqual(body);
  });

  it.each([
    ["NotAuthorizedException", 403, { PASSWORD: "wrong" }, clientId],
    ["UserNotFoundException", 404, { USERNAME: "nobody" }, clientId],
    ["ResourceNotFoundException", 404, {}, "unknown"],
    ["InvalidParameterException", 400, { USERNAME: "" }, clientId],
  ] as const)("can give %s the model's status %i", async (type, status, parameters, ClientId) => {
    const response = await login(create({ modelStatuses: true }), parameters, ClientId);
    expect([response.status, await refusal(response)]).toEqual([status, expect.stringContaining(type)]);
  });

  it.each([400, 200] as const)("answers a wrong Content-Type in the front end's own shape, with status %i", async (coralStatus) => {
    const response = await postTo(create({ coralStatus }), "InitiateAuth", "{}", "application/x-www-form-urlencoded");
    expect(response.status).toBe(coralStatus);
    expect(await response.text()).toBe('{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}');
  });

  it("refuses an unknown operation and a body that is no JSON", async () => {
    const emulator = create();
    const unknown = await postTo(emulator, "Frobnicate", "{}");
    expect([unknown.status, await unknown.text()]).toEqual([400, '{"__type":"UnknownOperationException"}']);
    const broken = await postTo(emulator, "InitiateAuth", '{"ClientId":');
    expect([broken.status, await broken.text()]).toEqual([400, '{"__type":"SerializationException"}']);
  });

  it("serves nothing but POST on its one path", async () => {
    const emulator = create();
    expect((await emulator.fetch("https://cognito-idp.eu-west-1.amazonaws.com/")).status).toBe(405);
    expect((await emulator.fetch("https://cognito-idp.eu-west-1.amazonaws.com/login")).status).toBe(404);
  });

  it("throttles with 400 TooManyRequestsException and no Retry-After", async () => {
    const emulator = create();
    emulator.control.rateLimit("login", { perMinute: 0 });
    const response = await login(emulator);
    expect([response.status, response.headers.get("retry-after")]).toEqual([400, null]);
    expect(response.headers.get("x-amzn-ErrorType")).toBe("TooManyRequestsException:");
    expect(await response.text()).toBe('{"__type":"TooManyRequestsException","message":"Rate exceeded"}');
  });

  it("can throttle without a type in the body", async () => {
    const emulator = create({ bareThrottleBody: true, errorTypeIn: "body" });
    emulator.control.rateLimit("login", { next: 1 });
    const response = await login(emulator);
    expect(response.headers.get("x-amzn-ErrorType")).toBeNull();
    expect(await response.text()).toBe('{"message":"Rate exceeded"}');
  });

  it("is open to every origin", async () => {
    const emulator = create();
    const origin = "https://app.test";
    const preflight = await emulator.fetch("https://cognito-idp.eu-west-1.amazonaws.com/", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-amz-target" },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type,x-amz-target");
    const response = await emulator.fetch("https://cognito-idp.eu-west-1.amazonaws.com/", { method: "POST", headers: { origin } });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toBe("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
  });

  it("publishes its keys below the issuer", async () => {
    const response = await create().fetch("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example01/.well-known/jwks.json");
    expect(await response.json()).toEqual({ keys: [expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig" })] });
  });

  it("logs logins under the real user name", async () => {
    const emulator = create();
    await login(emulator, { USERNAME: user.email, PASSWORD: password });
    await call(emulator, "GetUser", { AccessToken: "made-up" });
    expect(emulator.control.calls).toEqual([
      expect.objectContaining({ op: "login", identity: user.username, status: 200 }),
      expect.objectContaining({ op: "get-user", tokenUsed: "made-up", status: 400 }),
    ]);
  });
});
