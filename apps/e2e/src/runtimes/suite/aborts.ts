import { startApi } from "./api.ts";
import { equal, rejection, same } from "./assert.ts";
import type { Cases } from "./case.ts";

const nameOf = (error: unknown): unknown => (error as { readonly name?: unknown }).name; // of whatever was thrown

export const aborts: Cases = {
  async "an abort while a token is got ends that call alone, with its own reason"(addresses) {
    const api = startApi(addresses);
    const { asked, release } = api.hold();
    const controller = new AbortController();
    const reason = new RangeError("enough");
    const aborted = rejection(api.auth.fetch(api.url(), { signal: controller.signal }));
    const other = api.auth.fetch(new Request(api.url()));
    await asked;
    controller.abort(reason);
    same(await aborted, reason);
    release();
    equal([(await other).status, api.logins()], [200, 1]);
  },

  async "a signal that is aborted already sends nothing"(addresses) {
    const api = startApi(addresses);
    equal(nameOf(await rejection(api.auth.fetch(api.url(), { signal: AbortSignal.abort() }))), "AbortError");
    equal([(await api.arrived()).length, api.logins()], [0, 0]);
  },

  async "an abort reaches a request that is on its way, be its signal in the init or in the Request"(addresses) {
    for (const inRequest of [false, true]) {
      const api = startApi(addresses);
      await api.auth.getToken();
      const controller = new AbortController();
      const init = { method: "POST", body: "x", signal: controller.signal };
      const call = rejection(
        inRequest ? api.auth.fetch(new Request(api.url({ hang: "" }), init)) : api.auth.fetch(api.url({ hang: "" }), init),
      );
      const isThere = async () => (await api.arrived()).some(({ method }) => method === "POST");
      while (!(await isThere()));
      controller.abort();
      equal(nameOf(await call), "AbortError");
    }
  },

  async "a timeout covers the wait for a token, and says so as in fetch"(addresses) {
    const api = startApi(addresses);
    const { asked, release } = api.hold();
    const call = rejection(api.auth.fetch(api.url(), { signal: AbortSignal.timeout(20) }));
    await asked;
    equal(nameOf(await call), "TimeoutError");
    release();
    equal([(await api.auth.fetch(api.url())).status, api.logins()], [200, 1]);
  },

  async "a network error is the runtime's own"(addresses) {
    const nowhere = "http://127.0.0.1:1/";
    const api = startApi(addresses, { origins: [nowhere] });
    const [native, ours] = [await rejection(fetch(nowhere)), await rejection(api.auth.fetch(nowhere))] as [Error, Error]; // fetch rejects with errors
    equal([ours.constructor.name, ours.name, ours.message], [native.constructor.name, native.name, native.message]);
  },
};
