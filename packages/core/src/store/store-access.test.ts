import { expect, it } from "vitest";
import { createAuth, memoryStore, staticToken, type TokenStore } from "../index.ts";

it("a store that refuses every save ends in an error and an event, not in an endless loop", async () => {
  const store: TokenStore = { load: () => undefined, save: () => false };
  const provider = {
    name: "example",
    origins: ["https://api.example.com"],
    refresh: () => Promise.reject(new Error()),
    login: () => Promise.reject(new Error("never sent")),
  };
  const auth = createAuth({ ...provider, credentials: ["username"] as const }, { store });
  const events: string[] = [];
  auth.subscribe((event) => events.push(event.type));
  await expect(auth.getToken()).rejects.toMatchObject({ code: "login-required" });

  const service = createAuth(provider, { store });
  service.subscribe((event) => events.push(event.type));
  await expect(service.getToken()).rejects.toMatchObject({ code: "token-request-failed" });
  expect(events).toContain("store-failed");

  const tokens = { accessToken: "access", receivedAt: 0 };
  const full = createAuth(provider, {
    store: { load: () => ({ format: 1, revision: 1, identity: "example", tokens }), save: () => false },
  });
  await expect(full.logout()).rejects.toMatchObject({
    message: "example: the store failed to save the session",
    cause: new Error("the store refused 100 saves in a row"),
  });
  await full.close();
});

it("[59] a store that breaks its word is a failure that passes, like any other of it", async () => {
  const store = { ...memoryStore(), missing: 7 } as unknown as TokenStore; // wrong on purpose
  const auth = createAuth(staticToken("token"), { origins: ["https://api.example.com"], store });
  await expect(auth.getToken()).rejects.toMatchObject({
    code: "token-request-failed",
    message: "static-token: the renewal broke off",
    cause: expect.any(TypeError),
  });
});

it("[66] what a store has to do without is told once, when it is known, and again when there is more", async () => {
  const missing: string[] = [];
  const auth = createAuth(staticToken("token"), { origins: ["https://api.example.com"], store: { ...memoryStore(), missing } });
  const told: unknown[] = [];
  auth.subscribe((event) => event.type === "store-degraded" && told.push(event.missing));
  const renew = () => auth.getToken({ renew: true });
  await renew();
  expect(told).toEqual([]);
  missing.push("BroadcastChannel");
  await renew();
  await renew();
  expect(told).toEqual([["BroadcastChannel"]]);
  missing.push("indexedDB");
  await renew();
  expect(told).toEqual([["BroadcastChannel"], ["BroadcastChannel", "indexedDB"]]);
});
