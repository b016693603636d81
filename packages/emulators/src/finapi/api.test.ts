import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser, type FinapiOptions } from "./index.ts";

const sandbox = "https://sandbox.finapi.example.com";
const { clientId: client_id, clientSecret: client_secret } = defaultFinapiClient;
const { id: username, password } = defaultFinapiUser;
const created = {
  id: "username",
  password: "password",
  email: "email@localhost.de",
  phone: "+49 99 999999-999",
  isAutoUpdateEnabled: false,
};

async function signIn(options: FinapiOptions = {}) {
  const clock = manualClock();
  const emulator = createFinapiEmulator({ clock, ...options });
  const token = async (fields: Record<string, string>): Promise<string> => {
    const body = new URLSearchParams({ client_id, client_secret, ...fields });
    return (await (await emulator.fetch(`${sandbox}/oauth/token`, { method: "POST", body })).json()).access_token;
  };
  const clientToken = await token({ grant_type: "client_credentials" });
  const userToken = await token({ grant_type: "password", username, password });
  const call = async (method: string, path: string, bearer?: string, body?: unknown, headers: Record<string, string> = {}) => {
    const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const all = { "content-type": "application/json", ...authorization, ...headers };
    return emulator.fetch(sandbox + path, { method, headers: all, ...json });
  };
  const answer = async (...parameters: Parameters<typeof call>) => {
    const response = await call(...parameters);
    return [response.status, await response.json()];
  };
  return { clock, emulator, control: emulator.control, token, clientToken, userToken, call, answer };
}

describe("Web Form 2.0", () => {
  const path = "/api/webForms/bankConnectionImport";

  it("takes the tokens of users alone, and has errors of its own", async () => {
    const { answer, clientToken, userToken } = await signIn();
    expect(await answer("POST", path, userToken)).toEqual([201, expect.objectContaining({ status: "NOT_YET_OPENED" })]);
    const error = (code: string) => ({
      code,
      description: expect.any(String),
      timestamp: "2026-01-01T00:00:00.000Z",
      endpoint: `POST ${path}`,
    });
    expect(await answer("POST", path, clientToken)).toEqual([403, error("FORBIDDEN")]);
    expect(await answer("POST", path)).toEqual([401, error("UNAUTHORIZED")]);
  });
});

describe("a password change", () => {
  it("needs the token given out last, which works once", async () => {
    const { answer, call, clientToken } = await signIn();
    const ask = () => answer("POST", "/api/v2/users/requestPasswordChange", clientToken, { userId: username });
    expect(await ask()).toEqual([200, { userId: username, userEmail: null, passwordChangeToken: expect.stringMatching(/^[\w+/]+=*$/) }]);
    const change = { userId: username, password: "New-Horse-10!", passwordChangeToken: "made-up" };
    const response = await call("POST", "/api/v2/users/executePasswordChange", clientToken, change, { "accept-language": "en" });
    expect([response.status, await response.json()]).toEqual([400, withError("INVALID_TOKEN", "Invalid passwordChangeToken")]);
  });
});

function withError(code: string, message: string) {
  return expect.objectContaining({ errors: [expect.objectContaining({ code, message })] });
}

describe.each(["/api/v1/users", "/api/v2/users"])("%s", (users) => {
  it("creates a user with the client's token and answers 201 with the password in plain text", async () => {
    const { answer, clientToken, control } = await signIn();
    expect(await answer("POST", users, clientToken, created)).toEqual([201, created]);
    expect(control.calls.at(-1)).toMatchObject({ op: "create-user", identity: client_id, status: 201 });
  });

  it("shows a user to themselves, without the password", async () => {
    const { answer, clientToken, token } = await signIn();
    await answer("POST", users, clientToken, created);
    const userToken = await token({ grant_type: "password", username: created.id, password: created.password });
    expect(await answer("GET", users, userToken)).toEqual([200, { ...created, password: "XXXXX" }]);
  });

  it("refuses the other role with 403, in German unless asked for English", async () => {
    const { answer, clientToken, userToken } = await signIn();
    expect(await answer("POST", users, userToken, created)).toEqual([
      403,
      {
        errors: [{ message: "Zugriff verweigert", code: "UNAUTHORIZED_ACCESS", type: "TECHNICAL", multiStepAuthentication: null }],
        date: "2026-01-01 00:00:00.000",
        requestId: expect.stringMatching(/^selfgen-/),
        endpoint: `POST ${users}`,
        authContext: "1/1",
        bank: null,
      },
    ]);
    expect(await answer("GET", users, clientToken, undefined, { "accept-language": "en" })).toEqual([
      403,
      withError("UNAUTHORIZED_ACCESS", "Access is denied"),
    ]);
  });
});

describe("creating a user", () => {
  const create = "/api/v2/users";

  it("makes up what is left out", async () => {
    const { answer, clientToken } = await signIn();
    expect(await answer("POST", create, clientToken, {})).toEqual([
      201,
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/), password: expect.any(String), email: null, phone: null, isAutoUpdateEnabled: false },
    ]);
  });

  it("answers 422 ENTITY_EXISTS to an id that is taken, in whatever case", async () => {
    const { answer, clientToken } = await signIn();
    expect(await answer("POST", create, clientToken, { id: username.toUpperCase() })).toEqual([
      422,
      withError("ENTITY_EXISTS", "Der Benutzer existiert bereits"),
    ]);
  });

  it.each([
    ["id", "a".repeat(37)],
    ["id", "no spaces"],
    ["password", "short"],
    ["password", "a".repeat(129)],
    ["email", "a".repeat(321)],
    ["phone", "1".repeat(51)],
    ["isAutoUpdateEnabled", "yes"],
  ])("answers 400 to an illegal %s", async (name, value) => {
    const { answer, clientToken } = await signIn();
    expect(await answer("POST", create, clientToken, { [name]: value })).toEqual([
      400,
      withError("ILLEGAL_FIELD_VALUE", `Ungültiger Wert im Feld '${name}'`),
    ]);
  });

  it("answers 400 to a body that is not JSON", async () => {
    const { emulator, clientToken } = await signIn();
    const response = await emulator.fetch(sandbox + create, {
      method: "POST",
      body: "id=ann",
      headers: { authorization: `Bearer ${clientToken}` },
    });
    expect(response.status).toBe(400);
  });
});

describe("a 401", () => {
  it("repeats the token it refuses", async () => {
    const { answer, call, userToken, clock } = await signIn();
    clock.advance(3_600_000);
    expect(await answer("GET", "/protected", userToken)).toEqual([
      401,
      { error: "invalid_token", error_description: `Invalid access token: ${userToken}` },
    ]);
    expect((await call("GET", "/api/v1/users", userToken)).headers.has("www-authenticate")).toBe(false);
  });

  it("says what it misses where there is no token", async () => {
    const { answer } = await signIn();
    expect(await answer("GET", "/protected")).toEqual([
      401,
      { error: "unauthorized", error_description: "An Authentication object was not found in the SecurityContext" },
    ]);
  });

  it("may spell its text as in the example, and repeat it in a challenge", async () => {
    const { call } = await signIn({ descriptionSpelling: "errorDescription", wwwAuthenticate: true });
    const response = await call("GET", "/protected", "made-up");
    expect(await response.json()).toEqual({ error: "invalid_token", errorDescription: "Invalid access token: made-up" });
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer error="invalid_token", error_description="Invalid access token: made-up"',
    );
  });
});

describe("the API", () => {
  it("takes the client's token and a user's", async () => {
    const { answer, clientToken, userToken } = await signIn();
    expect(await answer("GET", "/protected", clientToken)).toEqual([200, { identity: client_id }]);
    expect(await answer("GET", "/protected", userToken)).toEqual([200, { identity: username }]);
  });

  it("answers 510 once when the bank wants a TAN", async () => {
    const { answer, call, userToken, control } = await signIn();
    control.askForTan();
    const [status, body] = await answer("GET", "/protected", userToken, undefined, { "accept-language": "en" });
    expect([status, body.errors]).toEqual([
      510,
      [
        {
          message: "Please enter the TAN",
          code: "ADDITIONAL_AUTHENTICATION_REQUIRED",
          type: "BUSINESS",
          multiStepAuthentication: expect.objectContaining({ status: "CHALLENGE_RESPONSE_REQUIRED", answerFieldLabel: "TAN" }),
        },
      ],
    ]);
    expect((await call("GET", "/protected", userToken)).status).toBe(200);
  });

  it("has a limit on demand", async () => {
    const { call, userToken, control } = await signIn();
    control.rateLimit("api", { next: 1, retryAfter: 4 });
    const refused = await call("GET", "/protected", userToken);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "4"]);
  });

  it("forgets everything at a reset", async () => {
    const { call, clientToken, control, token } = await signIn();
    await call("POST", "/api/v2/users", clientToken, created);
    control.setPassword(username, "New-Horse-9!");
    control.askForTan();
    control.reset();
    expect((await call("GET", "/protected", clientToken)).status).toBe(401);
    const fresh = await token({ grant_type: "client_credentials" });
    expect((await call("GET", "/protected", fresh)).status).toBe(200);
    expect((await call("POST", "/api/v2/users", fresh, created)).status).toBe(201);
    expect(await token({ grant_type: "password", username, password })).toEqual(expect.any(String));
  });
});

describe("X-Request-Id", () => {
  it("comes back as given, on good and bad answers, or is made up", async () => {
    const { call, userToken } = await signIn();
    const idOf = (response: Response) => response.headers.get("x-request-id");
    expect(idOf(await call("GET", "/protected", userToken, undefined, { "x-request-id": "mine-1" }))).toBe("mine-1");
    const refused = await call("POST", "/api/v2/users", userToken, created, { "x-request-id": "mine-2" });
    expect([idOf(refused), (await refused.json()).requestId]).toEqual(["mine-2", "mine-2"]);
    expect(idOf(await call("GET", "/protected", userToken))).toMatch(/^selfgen-[0-9a-f-]{36}$/);
  });

  it("may have 255 characters and no more", async () => {
    const { call, userToken } = await signIn();
    const status = async (length: number) =>
      (await call("GET", "/protected", userToken, undefined, { "x-request-id": "a".repeat(length) })).status;
    expect([await status(255), await status(256)]).toEqual([200, 400]);
  });
});

describe("CORS", () => {
  const origin = "https://app.example.com";
  const clients = [{ ...defaultFinapiClient, corsAllowedOrigins: [origin] }];

  it("lets listed origins call the API, and nobody else", async () => {
    const { call, userToken } = await signIn({ clients });
    const allowed = async (asking: string) =>
      (await call("GET", "/protected", userToken, undefined, { origin: asking })).headers.get("access-control-allow-origin");
    expect(await allowed(origin)).toBe(origin);
    expect(await allowed("https://other.example.com")).toBeNull();
  });

  it.each(["/oauth/token", "/oauth/revoke", "/api/v2/oauth/token"])("never reaches %s", async (path) => {
    const { call } = await signIn({ clients });
    expect((await call("POST", path, undefined, {}, { origin })).headers.has("access-control-allow-origin")).toBe(false);
    const preflight = await call("OPTIONS", path, undefined, undefined, { origin, "access-control-request-method": "POST" });
    expect([preflight.status, preflight.headers.has("access-control-allow-origin")]).toEqual([403, false]);
  });
});
