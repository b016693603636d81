import { isAuthError, TokenRequestError } from "@keyturn/core";
import { startApi } from "./api.ts";
import { equal, rejection } from "./assert.ts";
import type { Cases } from "./case.ts";

const burst = <Result>(call: () => Promise<Result>): Promise<Result[]> => Promise.all(Array.from({ length: 50 }, call));

/** What a runtime may have and may not: none is looked at. */
const storages = ["localStorage", "sessionStorage", "indexedDB", "caches", "BroadcastChannel"];

/** Says which of these names are read while `work` runs. */
async function namesRead(work: () => Promise<unknown>): Promise<string[]> {
  const read: string[] = [];
  const before = storages.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const [name] of before) Object.defineProperty(globalThis, name, { configurable: true, get: () => void read.push(name) });
  try {
    await work();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
  return read;
}

export const calls: Cases = {
  async "50 calls on a cold session log in once, and 50 refused ones renew once"(addresses) {
    const api = startApi(addresses);
    equal(
      (await burst(() => api.auth.fetch(api.url()))).map(({ status }) => status),
      Array(50).fill(200),
    );
    equal(api.logins(), 1);
    equal(
      (await burst(() => api.auth.fetch(api.url({ refuse: "token-1" })))).map(({ status }) => status),
      Array(50).fill(200),
    );
    equal(api.logins(), 2);
  },

  async "headers arrive in whichever shape they are given, and stay the caller's"(addresses) {
    const shapes: readonly NonNullable<RequestInit["headers"]>[] = [
      { "X-Api-Key": "key" },
      [["x-api-key", "key"]],
      new Headers({ "x-api-key": "key" }),
      Object.assign(Object.create(null), { "x-api-key": "key" }),
    ];
    for (const headers of shapes) {
      const api = startApi(addresses);
      const before = JSON.stringify([...new Headers(headers)]);
      await api.auth.fetch(api.url(), { headers });
      await api.auth.fetch(new Request(api.url(), { headers }), { headers });
      await api.auth.fetch(new URL(api.url()), { headers });
      const arrived = await api.arrived();
      equal(
        arrived.map((request) => [request.headers["x-api-key"], request.headers.authorization]),
        Array(3).fill(["key", "Bearer token-1"]),
      );
      equal(JSON.stringify([...new Headers(headers)]), before);
    }
  },

  async "works unbound, and as a method of anything"(addresses) {
    const api = startApi(addresses);
    const { fetch } = api.auth;
    equal((await fetch(api.url())).status, 200);
    equal((await Reflect.apply(api.auth.fetch, { any: "thing" }, [api.url()])).status, 200);
  },

  async "a failed login is a typed error with its cause, and calls are not many logins"(addresses) {
    const api = startApi(addresses, { fetch: () => Promise.reject(new TypeError("no network")) });
    const errors = await burst(() => rejection(api.auth.fetch(api.url())));
    for (const error of errors)
      equal([isAuthError(error), error instanceof TokenRequestError, (error as Error).name], [true, true, "TokenRequestError"]); // asked in the same breath
    equal(api.logins(), 2); // no answer: repeated once at once
  },

  async "no storage is touched that nobody asked for"(addresses) {
    const api = startApi(addresses);
    equal(await namesRead(() => api.auth.fetch(api.url()).then(() => api.auth.logout())), []);
  },

  async "close() leaves nothing running; keepFresh() keeps no process alive"(addresses) {
    const api = startApi(addresses);
    await api.auth.getToken();
    api.auth.keepFresh();
    const closed = startApi(addresses);
    closed.auth.keepFresh();
    await closed.auth.close();
    const error = await rejection(closed.auth.fetch(closed.url()));
    equal(isAuthError(error) && error.code, "closed");
  },
};
