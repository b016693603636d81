// Checked by the compiler alone.
import { describe, expectTypeOf, it } from "vitest";
import {
  type Auth,
  type AuthErrorCode,
  type AuthEvent,
  type AuthProvider,
  createAuth,
  type Fetch,
  type Given,
  isAuthError,
  staticToken,
  type TokenSet,
} from "./index.ts";

interface Login {
  readonly username: string;
  readonly password: string;
}

declare const password: AuthProvider<Login>;
declare const auth: Auth<Login>;

describe("credentials", () => {
  it("are taken by no provider that needs none", () => {
    expectTypeOf(createAuth(staticToken("token"))).toEqualTypeOf<Auth>();
    // @ts-expect-error: there is nothing to log in with
    createAuth(staticToken("token"), { credentials: { username: "ada" } });
    // @ts-expect-error: nor from a function
    createAuth(staticToken("token"), { credentials: async () => ({ username: "ada" }) });
    // @ts-expect-error: nor here
    void createAuth(staticToken("token")).login({ username: "ada" });
  });

  it("have the shape the provider says, as a value and from a function", () => {
    const credentials = { username: "ada", password: "correct horse" };
    expectTypeOf(createAuth(password)).toEqualTypeOf<Auth<Login>>();
    expectTypeOf(createAuth(password, { credentials })).toEqualTypeOf<Auth<Login>>();
    expectTypeOf(createAuth(password, { credentials: () => credentials })).toEqualTypeOf<Auth<Login>>();
    expectTypeOf(createAuth(password, { credentials: async () => credentials })).toEqualTypeOf<Auth<Login>>();
    expectTypeOf(auth.login).parameter(0).toEqualTypeOf<Given<Login> | undefined>();
    // As process.env has them.
    const { USERNAME: username, PASSWORD: secret } = process.env;
    createAuth(password, { credentials: { username, password: secret }, origins: [process.env.API_URL] });
    createAuth(password, { credentials: async () => ({ username, password: secret }) });
    void auth.login({ username, password: secret });
    // @ts-expect-error: a password is missing
    createAuth(password, { credentials: { username: "ada" } });
    // @ts-expect-error: a password is missing
    createAuth(password, { credentials: async () => ({ username: "ada" }) });
    // @ts-expect-error: there is no such member
    createAuth(password, { credentials: { username: "ada", password: "correct horse", tenant: "x" } });
    // @ts-expect-error: a password is missing
    void auth.login({ username: "ada" });
  });
});

describe("options", () => {
  it("are known ones", () => {
    createAuth(password, { origins: ["https://api.example.com"], retry: ({ headers }) => headers.has("idempotency-key") });
    // @ts-expect-error: there is no such option
    createAuth(password, { baseUrl: "https://api.example.com" });
    // @ts-expect-error: there is no such rule
    createAuth(password, { retry: "get" });
    // @ts-expect-error: durations are numbers of ms
    createAuth(password, { cooldown: "30s" });
  });
});

describe("auth.fetch", () => {
  it("goes wherever a fetch goes", () => {
    expectTypeOf(auth.fetch).toEqualTypeOf<Fetch>();
    expectTypeOf(auth.fetch).toExtend<typeof globalThis.fetch>();
    expectTypeOf(auth.fetch).toExtend<(input: string | URL | Request, init?: RequestInit) => Promise<Response>>(); // ky, hey-api
    expectTypeOf(auth.fetch).toExtend<(input: Request) => Promise<Response>>(); // openapi-fetch
    expectTypeOf(auth.fetch).toExtend<(url: string, init: RequestInit, third: unknown) => Promise<Response>>(); // up-fetch
    expectTypeOf(auth.fetch).toExtend<(...parameters: Parameters<typeof globalThis.fetch>) => ReturnType<typeof globalThis.fetch>>();
    expectTypeOf(globalThis.fetch).toExtend<Fetch>(); // and any fetch goes below
  });

  it("takes the options of a call", () => {
    void auth.fetch("https://api.example.com/", { keyturn: { skip: true } });
    void fetch("https://api.example.com/", { keyturn: { retry: false } }); // through a client's own init
    // @ts-expect-error: there is no such option
    void auth.fetch("https://api.example.com/", { keyturn: { retry: 1 } });
  });

  it("takes a Request with nobody's types in between", () => {
    expectTypeOf(auth.hook).toBeCallableWith(new Request("https://api.example.com/"), (request) => fetch(request));
    expectTypeOf(auth.hook).returns.resolves.toEqualTypeOf<Response>();
  });
});

describe("a provider", () => {
  it("is an object of functions, written inline", () => {
    const inline = {
      name: "inline",
      origins: ["https://api.example.com"],
      login: async ({ key }: { readonly key: string }, { now }) => ({ accessToken: key, receivedAt: now() }),
    } satisfies AuthProvider<{ readonly key: string }>;
    expectTypeOf(createAuth(inline, { credentials: { key: "x" } })).toEqualTypeOf<Auth<{ readonly key: string }>>();
    // @ts-expect-error: credentials lists members that exist
    void ({ ...inline, credentials: ["username"] } satisfies AuthProvider<{ readonly key: string }>);
  });
});

describe("what comes back", () => {
  it("is narrowed by its discriminant", () => {
    auth.subscribe((event: AuthEvent) => {
      if (event.type === "grant-failed") expectTypeOf(event.code).toEqualTypeOf<AuthErrorCode>();
      if (event.type === "token-issued") expectTypeOf(event.waiters).toBeNumber();
      // @ts-expect-error: not every event has it
      void event.code;
    });
    const caught: unknown = undefined;
    if (isAuthError(caught)) expectTypeOf(caught.code).toEqualTypeOf<AuthErrorCode>();
  });

  it("can be read and not written", () => {
    expectTypeOf(auth.getToken).returns.resolves.toEqualTypeOf<TokenSet>();
    // @ts-expect-error: the status is told, not set
    auth.status = { state: "fresh", renewing: false };
    // @ts-expect-error: nor are its members
    auth.status.renewing = true;
  });
});
