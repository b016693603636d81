import { createAuth } from "@keyturn/core";
import { grantContext } from "@keyturn/core/testing";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  authorizationCode,
  type Discovery,
  deviceCode,
  discover,
  type EndpointName,
  logoutUrl,
  oauthProvider,
  password,
  userInfo,
} from "./index.ts";

const issuer = "https://login.example.com";
const client = { clientId: "client", clientSecret: "Made-Up-Client-Secret-1" };
const good: Record<EndpointName, string> = {
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  authorization_endpoint: `${issuer}/authorize`,
  device_authorization_endpoint: `${issuer}/device`,
  userinfo_endpoint: `${issuer}/userinfo`,
  end_session_endpoint: `${issuer}/logout`,
};
const device = { device_code: "made-up", user_code: "WDJB", verification_uri: `${issuer}/activate`, expires_in: 600 };
const issued = { access_token: "at-1", refresh_token: "rt-1", token_type: "Bearer", expires_in: 3600 };

/** A server that publishes what a test says, and takes whatever it is sent. */
function start(published: object, deviceAnswer: object = device) {
  const sent: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input);
    if (address.includes("/.well-known/")) return Response.json({ issuer, ...good, ...published });
    sent.push(address);
    return Response.json(address.endsWith("/device") ? { ...issued, ...deviceAnswer } : issued);
  };
  return { sent, fetch, server: discover(issuer), context: grantContext({ now: () => 1_000_000, fetch }) };
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error) => error.code,
  );

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Each use of an endpoint that metadata name: resolves if it was used. */
const uses: Record<EndpointName, (bench: ReturnType<typeof start>) => Promise<unknown>> = {
  token_endpoint: ({ server, context }) => password({ server, ...client }).login({ username: "ann", password: "made-up" }, context),
  revocation_endpoint: async ({ server, context }) =>
    password({ server, ...client }).revoke?.({ accessToken: "at-1", refreshToken: "rt-1", receivedAt: 0 }, context),
  authorization_endpoint: ({ server, fetch }) => authorizationCode({ server, ...client, fetch }).begin("https://app.example.com/"),
  device_authorization_endpoint: ({ server, context }) => deviceCode({ server, ...client, onPrompt() {} }).login(undefined, context),
  userinfo_endpoint({ server, fetch }) {
    vi.stubGlobal("fetch", fetch);
    return userInfo({ fetch: (input) => fetch(input).then(() => Response.json({ sub: "ann" })) }, server);
  },
  end_session_endpoint({ server, fetch }) {
    vi.stubGlobal("fetch", fetch);
    return logoutUrl(server);
  },
};
const names = Object.keys(uses) as EndpointName[]; // the keys of a Record of them

const insecure = [
  ...["http://login.example.com/x", "javascript:alert(1)//", "data:text/html,x", "file:///etc/passwd", "ftp://login.example.com/"],
  ...["//login.example.com/x", "/x", "x", " ", "https://", "http://localhost.example.com/x", "http://127.0.0.1.example.com/x"],
  ...["JavaScript:alert(1)", "java\nscript:alert(1)", "\u0001javascript:alert(1)", "https://ann:made-up@login.example.com/x"],
];

describe.each(names)("[151] the metadata's %s", (name) => {
  it("is used where it is https, or http on loopback", async () => {
    for (const endpoint of [good[name], "http://127.0.0.1:4300/device", "http://localhost:4300/device"])
      expect(await codeOf(uses[name](start({ [name]: endpoint })))).toBe("none");
  });

  it.each([...insecure, 7, {}, [good[name]]])("is misconfigured as %j, and nothing is sent", async (endpoint) => {
    const bench = start({ [name]: endpoint });
    expect(await codeOf(uses[name](bench))).toBe("misconfigured");
    expect(bench.sent).toEqual([]);
  });
});

it("[151] whatever the metadata name, nothing is sent but by https, or http to this machine", { timeout: 60_000 }, async () => {
  const part = fc.constantFrom(
    "http:",
    "https:",
    "HTTP:",
    "javascript:",
    "//",
    "/",
    "\\",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "@",
    ":",
    "\t",
    "evil.example",
    ".",
    "%2f",
    "?",
    "#",
  );
  const hostile = fc.oneof(
    fc.array(part, { maxLength: 7 }).map((parts) => parts.join("")),
    fc.webUrl(),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async (endpoint) => {
      const bench = start({ token_endpoint: endpoint, authorization_endpoint: endpoint });
      const code = await codeOf(uses.token_endpoint(bench));
      const { url } = await uses.authorization_endpoint(bench).then(
        (begun) => begun as { url: string },
        () => ({ url: undefined }),
      ); // what begin() gives
      for (const address of [...bench.sent, ...(url ? [url] : [])]) {
        const { protocol, hostname } = new URL(address);
        expect(protocol === "https:" || (protocol === "http:" && /(^|\.)localhost$|^127\.|^\[::1\]$/.test(hostname))).toBe(true);
      }
      expect(code).toBe(bench.sent.length > 0 ? "none" : "misconfigured");
    }),
    { numRuns: 50 },
  );
});

it("[151] a server of the application's own making is not believed either", async () => {
  const server: Discovery = { issuer, metadata: async () => ({ issuer, token_endpoint: "http://login.example.com/token" }), outdated() {} };
  const { sent, context } = start({});
  expect(await codeOf(password({ server, ...client }).login({ username: "ann", password: "made-up" }, context))).toBe("misconfigured");
  expect(sent).toEqual([]);
});

it("[151] a refresh token is not sent to a token endpoint that has become http", async () => {
  let endpoint = good.token_endpoint;
  const sent: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const address = String(input instanceof Request ? input.url : input);
    if (address.includes("/.well-known/")) return Response.json({ issuer, token_endpoint: endpoint });
    sent.push(address);
    return Response.json(issued);
  };
  const server = discover(issuer);
  const auth = createAuth(password({ server, ...client }), { origins: ["https://api.example.com"], fetch });
  await auth.login({ username: "ann", password: "made-up" });
  endpoint = "http://login.example.com/token";
  server.outdated(Date.now() + 120_000);
  await auth.getToken({ renew: true });
  expect(new Set(sent)).toEqual(new Set([good.token_endpoint]));
  await auth.close();
});

describe("[151] what a device's person is shown", () => {
  it.each(insecure.flatMap((uri) => [{ verification_uri: uri }, { verification_uri_complete: uri }]))(
    "is no such address: %j",
    async (wrong) => {
      const { server, context, sent } = start({}, { ...device, ...wrong });
      const onPrompt = vi.fn();
      expect(await codeOf(deviceCode({ server, ...client, onPrompt }).login(undefined, context))).toBe("misconfigured");
      expect(onPrompt).not.toHaveBeenCalled();
      expect(sent).toEqual([good.device_authorization_endpoint]);
    },
  );

  it("is an address without the code where the server names no other", async () => {
    const { server, context } = start({}, { ...device, verification_uri_complete: "" });
    const onPrompt = vi.fn();
    await deviceCode({ server, ...client, onPrompt }).login(undefined, context);
    expect(onPrompt.mock.lastCall?.[0]).not.toHaveProperty("verificationUriComplete");
  });
});

describe("[151] an endpoint by hand", () => {
  const tokenEndpoint = good.token_endpoint;
  const by = { tokenEndpoint, ...client };
  it.each<[string, (endpoint: string) => unknown]>([
    ["tokenEndpoint", (endpoint) => password({ ...by, tokenEndpoint: endpoint })],
    ["revocationEndpoint", (endpoint) => password({ ...by, revocationEndpoint: endpoint })],
    ["authorizationEndpoint", (endpoint) => authorizationCode({ ...by, authorizationEndpoint: endpoint })],
    ["deviceAuthorizationEndpoint", (endpoint) => deviceCode({ ...by, deviceAuthorizationEndpoint: endpoint, onPrompt() {} })],
    ["issuer", (endpoint) => discover(endpoint)],
    ["token_endpoint", (endpoint) => oauthProvider({ ...by, tokenEndpoint: endpoint, grantType: "urn:example" })],
    [
      "authorization_endpoint",
      (endpoint) => oauthProvider({ ...by, grantType: "urn:example", endpoints: { authorization_endpoint: endpoint } }),
    ],
  ])("is a TypeError that names %s", (name, create) => {
    for (const endpoint of insecure) {
      expect(() => create(endpoint)).toThrow(TypeError);
      expect(() => create(endpoint)).toThrow(name);
    }
  });
});
