import { expect, it } from "vitest";
import { createAuth, memoryStore, staticToken, type TokenStore } from "./index.ts";

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
