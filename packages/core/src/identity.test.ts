import { afterEach, expect, it, vi } from "vitest";
import { type AuthProvider, createAuth, memoryStore } from "./index.ts";

afterEach(() => vi.unstubAllGlobals());

/** A client of its own right: it logs in without credentials. */
function client(configuration: string): AuthProvider {
  return {
    name: "example",
    configuration,
    origins: ["https://api.example.com"],
    login: async (_, { now }) => ({ accessToken: `token-of-${configuration}`, receivedAt: now() }),
  };
}

it("[8] two clients of one provider that meet in a store do not take each other's token", async () => {
  const store = memoryStore();
  const [one, other] = [createAuth(client("one"), { store }), createAuth(client("other"), { store })];
  expect((await one.getToken()).accessToken).toBe("token-of-one");
  expect((await other.getToken()).accessToken).toBe("token-of-other");
  await expect(one.getToken({ renew: true })).rejects.toMatchObject({ code: "superseded" });
});

it("a client without credentials is the same one whether it logs in by itself or by login()", async () => {
  const store = memoryStore();
  const [one, other] = [createAuth(client("one"), { store }), createAuth(client("one"), { store })];
  const ended: string[] = [];
  one.subscribe(({ type }) => type === "session-ended" && ended.push(type));
  await one.getToken();
  await other.login();
  await one.getToken({ renew: true });
  expect(ended).toEqual([]);
});

it("a page without https, where crypto.randomUUID is missing, has sessions too", async () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect((await createAuth(client("one")).getToken()).accessToken).toBe("token-of-one");
});
