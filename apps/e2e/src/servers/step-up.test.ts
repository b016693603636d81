import { createAuth, type Fetch, type StepUp } from "@keyturn/core";
import { authorizationCode, discover } from "@keyturn/oauth2";
import { loopbackLogin } from "@keyturn/oauth2/loopback";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { api, browse, clientIdOf, type OidcGrants, startOidcGrants } from "./oidc-grants.fixture.ts";

let server: OidcGrants;
beforeAll(async () => {
  server = await startOidcGrants();
});
beforeEach(() => {
  (server.grants as string[]).length = 0;
});
afterAll(() => server.close());

const pay = new URL("/pay", api).href;

/** An API that verifies tokens by itself, and wants a gold login of whoever pays. */
function createApi(): { readonly fetch: Fetch; readonly answers: number[] } {
  const keys = createRemoteJWKSet(new URL(`${server.url}/jwks`));
  const answers: number[] = [];
  const answer = async ({ headers, url }: Request): Promise<Response> => {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const verified = await jwtVerify(token, keys, { issuer: server.url, audience: api }).catch(() => undefined);
    if (!verified) return new Response(null, { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
    if (url !== pay || verified.payload.acr === "gold") return Response.json(verified.payload);
    const demand = 'error="insufficient_user_authentication", error_description="A stronger login is needed", acr_values="gold"';
    return new Response(null, { status: 401, headers: { "www-authenticate": `Basic realm="a, b", Bearer ${demand}` } });
  };
  return {
    answers,
    async fetch(input, init) {
      const request = new Request(input, init);
      if (!request.url.startsWith(api)) return globalThis.fetch(request);
      const response = await answer(request);
      answers.push(response.status);
      return response;
    },
  };
}

/** A person at a command line, who logs in as they are asked to. */
async function start(handler: "gives" | "declines" | "is missing") {
  const { fetch, answers } = createApi();
  const demands: StepUp[] = [];
  const provider = authorizationCode({
    ...{ server: discover(server.url), clientId: clientIdOf("none"), scope: "openid offline_access read", resource: api },
  });
  const logIn = (demand?: StepUp) =>
    loopbackLogin(provider, {
      open: (url) => void browse(url),
      parameters: { prompt: "consent", acr_values: demand?.acrValues, max_age: demand?.maxAge?.toString() },
    });
  const auth = createAuth(provider, {
    origins: [api],
    fetch,
    ...(handler !== "is missing" && {
      async onStepUp(demand: StepUp) {
        demands.push(demand);
        if (handler === "gives") await auth.login(await logIn(demand));
      },
    }),
  });
  await auth.login(await logIn());
  return { auth, answers, demands };
}

const burst = (auth: { readonly fetch: Fetch }) =>
  Promise.all(Array.from({ length: 50 }, async (_, index) => (await auth.fetch(pay, { method: "POST", body: String(index) })).status));
const all = (status: number) => Array.from({ length: 50 }, () => status);

it("[106] fifty payments that want a stronger login ask the person once, and are all made; a refresh keeps what was gained", async () => {
  const { auth, answers, demands } = await start("gives");
  expect((await auth.fetch(api)).status).toBe(200);
  expect(await burst(auth)).toEqual(all(200));
  expect(demands).toEqual([{ acrValues: "gold", maxAge: undefined, scope: undefined }]);
  expect(server.grants).toEqual(["authorization_code", "authorization_code"]);
  expect(answers.filter((status) => status === 401)).toHaveLength(50);
  await auth.getToken({ renew: true });
  expect(await burst(auth)).toEqual(all(200));
  expect(server.grants.slice(2)).toEqual(["refresh_token"]);
  expect(demands).toHaveLength(1);
});

it.each(["declines", "is missing"] as const)(
  "[105, 106] where the handler %s, the 401s go back and no token is renewed for them",
  async (handler) => {
    const { auth, demands } = await start(handler);
    expect(await burst(auth)).toEqual(all(401));
    expect((await auth.fetch(api)).status).toBe(200);
    expect(server.grants).toEqual(["authorization_code"]);
    expect(demands).toHaveLength(handler === "declines" ? 1 : 0);
  },
);
