import { expect, it } from "vitest";
import { createAuth, type TokenStore } from "./index.ts";

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
