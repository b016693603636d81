import { AuthError, CredentialsRejectedError, createAuth, isAuthError, TokenRequestError } from "@keyturn/core";
import ky, { HTTPError, TimeoutError } from "ky";
import ky1, { HTTPError as HTTPError1, TimeoutError as TimeoutError1 } from "ky-1";
import { describe, expect, it } from "vitest";
import { type Api, startApi } from "./api.fixture.ts";

const versions = [
  { version: "2.1.0", ky, HTTPError, TimeoutError },
  // Both are called alike as far as they are called here; ky 1 has other types for hooks and prefixes.
  { version: "1.14.3", ky: ky1 as unknown as typeof ky, HTTPError: HTTPError1, TimeoutError: TimeoutError1 },
];

const json = { name: "Zoë" };
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable("it did not reject"),
    (error: unknown) => error,
  );

/** ky retries at once, so that no test waits. */
const retry = { delay: () => 0 };

describe.each(versions)("ky $version", ({ ky, HTTPError, TimeoutError }) => {
  /** A client whose session holds a token that the API refuses from now on. */
  async function withStaleToken(api: Api) {
    const auth = createAuth(api.provider, { cooldown: 0 });
    await auth.getToken();
    api.refuseTokens();
    return { auth, client: ky.create({ fetch: auth.fetch, retry }) };
  }

  it.each([0, 2])("[34] posts JSON once more after a 401, with retry: %i", async (limit) => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    expect(await client.post(api.url, { json, retry: limit }).json()).toEqual({ status: 200 });
    const body = JSON.stringify(json);
    const contentLength = String(Buffer.byteLength(body));
    const contentType = "application/json";
    expect(api.arrived).toEqual([
      { method: "POST", status: 401, authorization: "Bearer token-1", contentType, contentLength, body },
      { method: "POST", status: 200, authorization: "Bearer token-2", contentType, contentLength, body },
    ]);
    expect(api.grants).toBe(2);
  });

  it.each([0, 2])("[35] posts a stream once more after a 401, with retry: %i", async (limit) => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    const body = new Blob(["one, ", "two"]).stream();
    expect((await client.post(api.url, { body, retry: limit })).status).toBe(200);
    expect(api.arrived.map((arrived) => arrived.body)).toEqual(["one, two", "one, two"]);
  });

  it("[43] covers renewal and re-send by its timeout; the renewal goes on, and its token is used", async () => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    const held = api.holdGrants();
    const call = rejection(client.get(api.url, { timeout: 50, retry: 0 }));
    await held.asked;
    expect(await call).toBeInstanceOf(TimeoutError);
    held.release();
    expect((await client.get(api.url)).status).toBe(200);
    expect(api.grants).toBe(2);
    expect(api.arrived.map(({ status }) => status)).toEqual([401, 200]);
  });

  it("[39] passes a caller's abort on: that call alone ends", async () => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    const held = api.holdGrants();
    const controller = new AbortController();
    const aborted = rejection(client.get(api.url, { signal: controller.signal }));
    const other = client.get(api.url);
    await held.asked;
    controller.abort();
    expect(await aborted).toHaveProperty("name", "AbortError");
    held.release();
    expect((await other).status).toBe(200);
    expect(api.grants).toBe(2);
  });

  it("[102] retrying our own final error asks for no further token", async () => {
    const api = await startApi();
    api.failGrants(new CredentialsRejectedError("api: login failed with status 401"));
    const client = ky.create({ fetch: createAuth(api.provider).fetch, retry: { ...retry, limit: 3 } });
    expect(await rejection(client.get(api.url))).toBeInstanceOf(CredentialsRejectedError);
    expect(await rejection(client.get(api.url))).toMatchObject({ code: "credentials-rejected" });
    expect([api.grants, api.arrived.length]).toEqual([1, 0]);
  });

  it("[102] retrying our own transient error within its memo asks for no further token", async () => {
    const api = await startApi();
    api.failGrants(new TokenRequestError("api: login failed with status 503", { status: 503, repeats: 0 }));
    const client = ky.create({ fetch: createAuth(api.provider).fetch, retry: { ...retry, limit: 3 } });
    const error = await rejection(client.get(api.url));
    expect(error).toBeInstanceOf(TokenRequestError);
    expect(error).toHaveProperty("retryAt");
    expect(api.grants).toBe(1);
  });

  it("[29, 102] gets our error after a 401 too, with the 401 and its cause, and asks for no further token", async () => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    const cause = new Error("account locked");
    api.failGrants(new CredentialsRejectedError("api: login failed with status 401", { cause }));
    const error = await rejection(client.get(api.url, { retry: { ...retry, limit: 0 } }));
    if (!isAuthError(error)) throw error;
    expect(error).toMatchObject({ code: "credentials-rejected", cause });
    expect(await error.response?.json()).toEqual({ status: 401 });
    await rejection(client.get(api.url, { retry: { ...retry, limit: 3 } }));
    expect(api.grants).toBe(2);
  });

  it("[102] retrying each 401 asks for one token per cooldown, and for none where nothing was ever accepted", async () => {
    const always401 = await startApi(({ url }) => (url === "/odd" ? 401 : 200));
    const auth = createAuth(always401.provider);
    const client = ky.create({ fetch: auth.fetch, retry: { ...retry, limit: 3, statusCodes: [401] } });
    expect(await rejection(client.get(`${always401.url}odd`))).toBeInstanceOf(HTTPError);
    expect([always401.grants, always401.arrived.length]).toEqual([1, 4]);
    await client.get(always401.url);
    expect(await rejection(client.get(`${always401.url}odd`))).toBeInstanceOf(HTTPError);
    expect([always401.grants, always401.arrived.length]).toEqual([2, 10]); // one re-send among four tries
  });

  it("[23] retries what is its own to retry, each time with the newest token", async () => {
    let busy = true;
    const api = await startApi(() => (busy ? 503 : 200));
    const { auth, client } = await withStaleToken(api);
    const response = await client.get(api.url, {
      hooks: {
        beforeRetry: [
          async () => {
            busy = false;
            await auth.getToken({ renew: true });
          },
        ],
      },
    });
    expect(response.status).toBe(200);
    expect(api.arrived.map(({ status, authorization }) => [status, authorization])).toEqual([
      [401, "Bearer token-1"],
      [503, "Bearer token-2"],
      [200, "Bearer token-3"],
    ]);
  });

  it("[95] calls fetch as a method of its own options, which is nothing to us", async () => {
    const api = await startApi();
    const { auth } = await withStaleToken(api);
    const calledOn: unknown[] = [];
    const client = ky.create({
      fetch(this: unknown, input, init) {
        calledOn.push(typeof this);
        return Reflect.apply(auth.fetch, this, [input, init]);
      },
    });
    expect((await client.get(api.url)).status).toBe(200);
    expect(calledOn).toEqual(["object"]);
  });

  it("[31] hands keyturn: { skip: true } on: no token, no login", async () => {
    const api = await startApi();
    const client = ky.create({ fetch: createAuth(api.provider).fetch });
    const error = await rejection(client.get(api.url, { keyturn: { skip: true } }));
    expect(error).toBeInstanceOf(HTTPError);
    expect(api.arrived).toMatchObject([{ status: 401, authorization: undefined }]);
    expect(api.grants).toBe(0);
  });

  it("[37] hands keyturn: { retry: false } on: the 401 is the answer", async () => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    expect(await rejection(client.post(api.url, { json, keyturn: { retry: false } }))).toBeInstanceOf(HTTPError);
    expect(api.arrived).toHaveLength(1);
  });

  it("[71] shows the token nowhere in its errors: the Request they hold has none", async () => {
    const api = await startApi(() => 403);
    const { auth, client } = await withStaleToken(api);
    const error = await rejection(client.post(api.url, { json }));
    if (!(error instanceof HTTPError)) throw error;
    expect(error.request.headers.has("authorization")).toBe(false);
    expect(error.response.status).toBe(403);
    const { accessToken } = await auth.getToken();
    expect([api.arrived.at(-1)?.authorization, JSON.stringify(error)]).toEqual([
      `Bearer ${accessToken}`,
      expect.not.stringContaining(accessToken),
    ]);
  });

  it("[101] leaves an Authorization header alone that the caller set", async () => {
    const api = await startApi();
    const { client } = await withStaleToken(api);
    await rejection(client.get(api.url, { headers: { authorization: "Basic eDp5" } }));
    expect(api.arrived).toMatchObject([{ authorization: "Basic eDp5" }]);
    expect(api.grants).toBe(1);
  });

  it("[100] sees errors of the network as with plain fetch", async () => {
    const auth = createAuth((await startApi()).provider, { origins: ["http://127.0.0.1:1"] });
    const [native, ours] = await Promise.all(
      [fetch, auth.fetch].map((fetch) => rejection(ky.create({ fetch, retry: 0 }).get("http://127.0.0.1:1/"))),
    );
    expect(ours).not.toBeInstanceOf(AuthError);
    expect(ours).toMatchObject({ name: (native as Error).name, message: (native as Error).message });
  });
});

it("[95] both take auth.fetch by their own types", async () => {
  const api = await startApi();
  const { fetch } = createAuth(api.provider);
  expect((await ky.create({ fetch }).get(api.url, { keyturn: { retry: true } })).status).toBe(200);
  expect((await ky1.create({ fetch }).get(api.url, { keyturn: { retry: true } })).status).toBe(200);
});
