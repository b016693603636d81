import { auth0 } from "@keyturn/auth0";
import { cognito } from "@keyturn/cognito";
import { type AuthProvider, createAuth, staticToken } from "@keyturn/core";
import { createUser, finapiClient, finapiUser } from "@keyturn/finapi";
import { clientCredentials, extensionGrant, password } from "@keyturn/oauth2";
import { oloid } from "@keyturn/oloid";
import { platformIo } from "@keyturn/platform-io";
import { xfa } from "@keyturn/xfa";
import { xsignals, xsignalsBasic, xsignalsSso } from "@keyturn/xsignals";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";

let network: MockInstance<typeof globalThis.fetch>;
beforeEach(() => {
  network = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no test of this file needs the network"));
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Factory {
  readonly name: string;
  /** Takes anything, as it does where nobody checks types. */
  readonly create: (options: never) => AuthProvider<never>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Cannot be left out. */
  readonly needs: readonly string[];
  /** Hold a URL that secrets travel to. */
  readonly urls: readonly string[];
}

const tokenEndpoint = "https://login.example.com/token";
const baseUrl = "https://api.example.com";
const client = { clientId: "example-client", clientSecret: "Made-Up-Client-Secret-1" };
const oauth = {
  options: { tokenEndpoint, ...client },
  needs: ["tokenEndpoint", "clientId"],
  urls: ["tokenEndpoint", "revocationEndpoint"],
};
const finapi = { options: { baseUrl, ...client }, needs: ["baseUrl", "clientId", "clientSecret"], urls: ["baseUrl"] };

const factories: readonly Factory[] = [
  {
    name: "cognito()",
    create: cognito,
    options: { region: "eu-west-1", clientId: "1example" },
    needs: ["region", "clientId"],
    urls: ["endpoint"],
  },
  { name: "xfa()", create: xfa, options: { baseUrl }, needs: ["baseUrl"], urls: ["baseUrl", "endpoint"] },
  { name: "oloid()", create: oloid, options: { baseUrl }, needs: ["baseUrl"], urls: ["baseUrl", "endpoint"] },
  { name: "xsignals()", create: xsignals, options: {}, needs: [], urls: ["baseUrl"] },
  { name: "xsignalsBasic()", create: xsignalsBasic, options: {}, needs: [], urls: ["baseUrl"] },
  { name: "xsignalsSso()", create: xsignalsSso, options: client, needs: ["clientId", "clientSecret"], urls: ["baseUrl", "endpoint"] },
  {
    name: "auth0()",
    create: auth0,
    options: { domain: "example.eu.auth0.com", ...client },
    needs: ["domain", "clientId"],
    urls: ["endpoint"],
  },
  { name: "clientCredentials()", create: clientCredentials, ...oauth },
  { name: "password()", create: password, ...oauth },
  {
    ...{ ...oauth, name: "extensionGrant()", create: extensionGrant },
    options: { ...oauth.options, grantType: "urn:example", parameters: () => ({}) },
    needs: [...oauth.needs, "grantType", "parameters"],
  },
  {
    name: "platformIo()",
    create: platformIo,
    options: { platformId: "example", environment: "staging" },
    needs: ["platformId", "environment"],
    urls: [],
  },
  { name: "platformIo()", create: platformIo, options: { baseUrl }, needs: [], urls: ["baseUrl"] },
  { name: "finapiClient()", create: finapiClient, ...finapi },
  { name: "finapiUser()", create: finapiUser, ...finapi },
];

/** What calling it threw, which must be a TypeError of this owner about this option. */
function expectRefusal(call: () => unknown, ...words: readonly string[]): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expectTypeError(thrown, words);
}

function expectTypeError(error: unknown, words: readonly string[]): void {
  expect(error).toBeInstanceOf(TypeError);
  for (const word of words) expect(String(error)).toContain(word);
  expect(String(error)).not.toContain(client.clientSecret);
  expect(network).not.toHaveBeenCalled();
}

describe.each(factories)("$name", ({ name, create, options, needs, urls }) => {
  // Whatever the types say: wrong on purpose.
  const make = (changes: object) => create({ ...options, ...changes } as never);

  it("takes what it needs", () => {
    expect(make({}).name).toMatch(/^[a-z0-9-]+$/);
    for (const url of urls) {
      for (const address of ["https://example.com/v1", "http://127.0.0.1:4300", "http://localhost:4300", "http://[::1]:4300"]) {
        expect(make({ [url]: address }).name).toBeDefined();
      }
    }
    expect(network).not.toHaveBeenCalled();
  });

  it("knows no other options", () => {
    expectRefusal(() => make({ baseURL: baseUrl }), name, '"baseURL"');
  });

  it.each(needs)("cannot do without %s", (option) => {
    expectRefusal(() => make({ [option]: undefined }), name, `"${option}"`);
    expectRefusal(() => make({ [option]: "" }), name, `"${option}"`);
  });

  describe.each(urls)("%s", (option) => {
    it.each([
      "api.example.com",
      "//api.example.com",
      "/v1",
      "http://api.example.com",
      "http://127.0.0.1.example.com",
      "ftp://example.com",
      `https://ann:${client.clientSecret}@example.com`,
    ])("is not %s", (address) => {
      expectRefusal(() => make({ [option]: address }), name, `"${option}"`);
    });
  });

  it("wants an object", () => {
    for (const nothing of [null, "https://api.example.com", 1]) expectRefusal(() => create(nothing as never), name); // as above
  });
});

describe("the two ways to say which finAPI", () => {
  it.each([
    ["finapiClient()", finapiClient],
    ["finapiUser()", finapiUser],
  ] as const)("cannot be mixed by %s", (_name, create) => {
    expectRefusal(() => create({ ...client, baseUrl, environment: "sandbox" } as never), '"environment"', '"baseUrl"'); // the types forbid it
  });

  it("createUser() wants one of them too", async () => {
    const fetch = vi.fn();
    const error = await createUser({ fetch }, {}, {} as never).catch((reason: unknown) => reason); // the types forbid it
    expectTypeError(error, ["createUser()", '"baseUrl"']);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("credentials", () => {
  const right = { username: "ann@example.com", password: "Correct-Horse-9!", tenantName: "example" };
  const people: readonly (readonly [string, AuthProvider<never>, readonly string[]])[] = [
    ["cognito", cognito({ region: "eu-west-1", clientId: "1example" }), []],
    ["xfa", xfa({ baseUrl }), []],
    ["oloid", oloid({ baseUrl }), ["tenantName"]],
    ["xsignals", xsignals(), []],
    ["xsignals-sso", xsignalsSso(client), []],
    ["auth0", auth0({ domain: "example.eu.auth0.com", ...client }), []],
    ["oauth2", password({ tokenEndpoint, ...client }), []],
    ["platform-io", platformIo({ baseUrl }), []],
    ["finapi-user", finapiUser({ environment: "sandbox", ...client }), []],
  ];
  const cases = people.flatMap(([name, provider, more]) => ["username", "password", ...more].map((member) => ({ name, provider, member })));

  it.each(cases)("of $name cannot have an empty $member", async ({ name, provider, member }) => {
    for (const value of ["", undefined, 1]) {
      const credentials = { ...right, [member]: value } as never; // wrong on purpose
      expectRefusal(() => createAuth(provider, { credentials, origins: [baseUrl] }), name, `credentials.${member}`);
      const auth = createAuth(provider, { origins: [baseUrl] });
      expectTypeError(await auth.login(credentials).catch((reason: unknown) => reason), [name, `credentials.${member}`]);
    }
  });

  it.each(["ann:example", ":", "ann@example.com:", "a\u0000nn"])(
    "[89] of xsignals cannot have the user name %j, which Basic cannot carry",
    async (username) => {
      const credentials = { ...right, username };
      expectRefusal(() => createAuth(xsignals(), { credentials }), '"username"');
      expectTypeError(
        await createAuth(xsignals())
          .login(credentials)
          .catch((reason: unknown) => reason),
        ['"username"'],
      );
    },
  );
});

describe("createAuth()", () => {
  const provider = staticToken("example-token");

  it.each<readonly [string, unknown]>([
    ["origins", undefined],
    ["origins", []],
    ["origins", "https://api.example.com"],
    ["origins", ["api.example.com"]],
    ["origins", ["http://api.example.com"]],
    ["allowInsecureOrigins", "yes"],
    ["store", {}],
    ["fetch", "https://api.example.com"],
    ["authorizationHeader", "remove"],
    ["isUnauthorized", 401],
    ["refreshAhead", -1],
    ["expiryMargin", "5s"],
    ["renewalTimeout", Number.NaN],
    ["cooldown", null],
    ["retry", "some"],
    ["clock", {}],
    ["baseUrl", "https://api.example.com"],
  ])("does not take %s: %j", (option, value) => {
    const options = { origins: ["https://api.example.com"], [option]: value };
    expectRefusal(() => createAuth(provider, options as never), "createAuth()", option); // wrong on purpose
  });

  it("takes http beyond this machine if told so twice", () => {
    expect(() => createAuth(provider, { origins: ["http://api.example.com"], allowInsecureOrigins: true })).not.toThrow();
    expect(() => createAuth(provider, { origins: ["http://localhost:4300"] })).not.toThrow();
  });
});

it("staticToken() wants a token", () => {
  for (const token of ["", undefined]) expectRefusal(() => staticToken(token as never), "staticToken()"); // wrong on purpose
});
