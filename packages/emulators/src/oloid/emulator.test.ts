import { describe, expect, it } from "vitest";
import { call } from "../cognito/requests.fixture.ts";
import { manualClock } from "../kit/index.ts";
import { createOloidEmulator } from "./emulator.ts";
import type { OloidOptions } from "./options.ts";

const create = (options: OloidOptions = {}) => createOloidEmulator({ clock: manualClock(), ...options });
const credentials = { UserName: "oloid-client-0001", TenantName: "example-tenant", Password: "Correct-Horse-9!" };
type Emulator = ReturnType<typeof create>;

const login = (emulator: Emulator, body: object = credentials, path = "/Login") =>
  emulator.fetch(`https://oloid.example.com${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

interface Tokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
}

const tokensOf = async (response: Response) => {
  // The default shape, which a test of its own pins down.
  const { cognitoToken } = (await response.json()) as { cognitoToken: { AuthenticationResult: Tokens } };
  return cognitoToken.AuthenticationResult;
};

const get = (emulator: Emulator, authorization: string) =>
  emulator.fetch("https://oloid.example.com/protected", { headers: { authorization } });

describe("the Login API", () => {
  it.each(["/Login", "/login"])("answers POST %s with nested tokens", async (path) => {
    const response = await login(create(), credentials, path);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        cognitoToken: {
          ChallengeParameters: {},
          AuthenticationResult: {
            IdToken: expect.stringMatching(/^eyJ/),
            TokenType: "Bearer",
            ExpiresIn: 3600,
            RefreshToken: expect.any(String),
            AccessToken: expect.stringMatching(/^eyJ/),
          },
        },
      },
    ]);
  });

  it("can answer with flat tokens beside a user", async () => {
    expect(await (await login(create({ shape: "flat" }))).json()).toEqual({
      cognitoToken: { IdToken: expect.any(String), AccessToken: expect.any(String), RefreshToken: expect.any(String), ExpiresIn: 3600 },
      user: { OloID: "oloid-client-0001", TenantID: "id-of-example-tenant", TenantName: "example-tenant" },
    });
  });

  it.each([
    ["zero", 0],
    ["absent", undefined],
  ] as const)("can leave the expiry to the token itself: ExpiresIn %s", async (expiresIn, expected) => {
    const [nested, flat] = await Promise.all([
      login(create({ expiresIn })).then((response) => response.json()),
      login(create({ expiresIn, shape: "flat" })).then((response) => response.json()),
    ]);
    const { cognitoToken: one } = nested as { cognitoToken: { AuthenticationResult: { ExpiresIn?: number } } };
    const { cognitoToken: two } = flat as { cognitoToken: { ExpiresIn?: number } };
    expect([one.AuthenticationResult.ExpiresIn, two.ExpiresIn]).toEqual([expected, expected]);
  });

  it.each([
    ["a wrong password", { ...credentials, Password: "wrong" }, 401, "Incorrect username or password."],
    ["an unknown tenant", { ...credentials, TenantName: "nobody" }, 401, "Unknown tenant"],
    ["a missing field", { ...credentials, TenantName: undefined }, 400, "Missing required field"],
  ])("refuses %s", async (_case, body, status, message) => {
    const response = await login(create(), body);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it.each([
    ["message", '{"message":"Incorrect username or password."}'],
    ["error-object", '{"error":{"message":"Incorrect username or password."}}'],
    ["empty", ""],
    ["html", "<html><body>Incorrect username or password.</body></html>"],
  ] as const)("can refuse with a body of kind %s", async (errorBody, expected) => {
    const response = await login(create({ errorBody }), { ...credentials, Password: "wrong" });
    expect([response.status, await response.text()]).toEqual([401, expected]);
  });

  it("counts failures like the pool behind it", async () => {
    const emulator = create();
    await login(emulator, { ...credentials, Password: "wrong" });
    expect([emulator.control.failedLogins("oloid-client-0001"), emulator.control.count("login", 401)]).toEqual([1, 1]);
  });

  it("passes a challenge of the pool through", async () => {
    const emulator = create({ users: [{ username: "oloid-client-0001", password: credentials.Password, mfa: ["SOFTWARE_TOKEN_MFA"] }] });
    const response = await login(emulator);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        cognitoToken: {
          ChallengeName: "SOFTWARE_TOKEN_MFA",
          Session: expect.any(String),
          ChallengeParameters: expect.objectContaining({ USER_ID_FOR_SRP: "oloid-client-0001" }),
        },
      },
    ]);
  });
});

describe("the API", () => {
  it("takes the access token as a bearer", async () => {
    const emulator = create();
    const tokens = await tokensOf(await login(emulator));
    expect((await get(emulator, `Bearer ${tokens.AccessToken}`)).status).toBe(200);
    expect((await get(emulator, tokens.AccessToken)).status).toBe(401);
    expect((await get(emulator, `Bearer ${tokens.IdToken}`)).status).toBe(401);
  });

  it("can take the bare id token instead", async () => {
    const emulator = create({ resource: { scheme: "bare", token: "id" } });
    const tokens = await tokensOf(await login(emulator));
    expect((await get(emulator, tokens.IdToken)).status).toBe(200);
    expect((await get(emulator, `Bearer ${tokens.AccessToken}`)).status).toBe(401);
  });

  it("lets pages of no origin in unless told to", async () => {
    const ask = async (options: OloidOptions) => {
      const response = await create(options).fetch("https://oloid.example.com/Login", {
        method: "OPTIONS",
        headers: { origin: "https://app.test", "access-control-request-method": "POST" },
      });
      return response.headers.get("access-control-allow-origin");
    };
    expect([await ask({}), await ask({ origins: ["https://app.test"] })]).toEqual([null, "https://app.test"]);
  });
});

describe("the pool behind it", () => {
  const refresh = async (emulator: Emulator) => {
    const { RefreshToken, AccessToken } = await tokensOf(await login(emulator));
    const { client_id: ClientId } = JSON.parse(atob(AccessToken.split(".")[1] ?? "")) as { client_id: string };
    return call(emulator, "InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId, AuthParameters: { REFRESH_TOKEN: RefreshToken } });
  };

  it("refreshes at Cognito itself, with the client id the access token names", async () => {
    expect(await (await refresh(create())).json()).toMatchObject({ AuthenticationResult: { AccessToken: expect.any(String) } });
  });

  it("may refuse to", async () => {
    expect(await (await refresh(create({ cognitoRefresh: "denied" }))).json()).toEqual({
      __type: "InvalidParameterException",
      message: "REFRESH_TOKEN_AUTH flow not enabled for this client",
    });
  });

  it("throttles in its own words, the Login API in others", async () => {
    const emulator = create();
    emulator.control.rateLimit("login", { next: 1, retryAfter: 2 });
    const response = await login(emulator);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "2"]);
  });
});
