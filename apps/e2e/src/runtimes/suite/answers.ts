import { type Arrived, startApi } from "./api.ts";
import { equal, rejection, same } from "./assert.ts";
import type { Cases } from "./case.ts";

const authorizations = (arrived: readonly Arrived[]): (string | null)[] => arrived.map(({ headers }) => headers.authorization ?? null);

export const answers: Cases = {
  async "the answer is the very Response of the runtime"(addresses) {
    const responses: Response[] = [];
    const base: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      responses.push(response);
      return response;
    };
    const api = startApi(addresses, { fetch: base });
    const response = await api.auth.fetch(api.url());
    same(response, responses.at(-1));
    equal([response.url, response.redirected, response.bodyUsed, response.status], [api.url(), false, false, 200]);
  },

  async "an answer is read as it comes"(addresses) {
    const api = startApi(addresses);
    const response = await api.auth.fetch(api.url({ first: "x".repeat(4096) }));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    equal((await reader?.read())?.value?.slice(0, 3), "xxx");
    equal(authorizations(await api.arrived()), ["Bearer token-1"]); // this request lets the answer go on
    for (;;) if ((await reader?.read())?.done) break;
  },

  async "an answer that nobody reads can be cancelled"(addresses) {
    const api = startApi(addresses);
    const controller = new AbortController();
    const response = await api.auth.fetch(api.url({ first: "x".repeat(4096) }), { signal: controller.signal });
    controller.abort();
    equal(((await rejection(response.text())) as Error).name, "AbortError"); // fetch rejects with errors
  },

  async "a redirect within the API carries the token, however it redirects"(addresses) {
    for (const status of ["301", "302", "303", "307", "308"]) {
      const api = startApi(addresses);
      const response = await api.auth.fetch(api.url({ redirect: api.url(), status }), { method: "POST", body: "x" });
      equal([response.redirected, authorizations(await response.json())], [true, ["Bearer token-1", "Bearer token-1"]]);
    }
  },

  async "a redirect to another origin carries no token there, and its 401 is nothing to us"(addresses) {
    for (const status of ["200", "401"]) {
      const api = startApi(addresses);
      const response = await api.auth.fetch(api.url({ redirect: api.elsewhere({ status }), status: "302" }));
      equal([response.status, authorizations(await response.json()), api.logins()], [Number(status), ["Bearer token-1", null], 1]);
    }
  },

  async "redirect: manual and redirect: error mean what they mean in fetch"(addresses) {
    const api = startApi(addresses);
    const target = api.url({ redirect: api.url(), status: "302" });
    const [native, ours] = [await fetch(target, { redirect: "manual" }), await api.auth.fetch(target, { redirect: "manual" })];
    equal([ours.status, ours.type], [native.status, native.type]);
    const [nativeError, ourError] = [fetch, api.auth.fetch].map((send) =>
      rejection(Promise.resolve().then(() => send(target, { redirect: "error" }))),
    );
    equal(((await ourError) as Error).name, ((await nativeError) as Error).name); // fetch rejects with errors
  },

  async "a request to another origin is none of ours"(addresses) {
    const api = startApi(addresses);
    equal(authorizations(await (await api.auth.fetch(api.elsewhere())).json()), [null]);
    equal(api.logins(), 0);
  },
};
