import { createAuth, memoryStore, type TokenStore } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { discover, logoutUrl, password } from "./index.ts";

const issuer = "https://login.example.com";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A person who is logged in, and what may be out of order when they want to leave. */
async function start() {
  let broken: "nothing" | "session" | "server" | "store" = "nothing";
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    if (broken === "server") throw new TypeError("fetch failed");
    if (String(input).includes("/.well-known/"))
      return Response.json({ issuer, token_endpoint: `${issuer}/token`, end_session_endpoint: `${issuer}/logout` });
    if (broken === "session") return Response.json({ error: "invalid_grant" }, { status: 400 });
    return Response.json({ access_token: "at-1", refresh_token: "rt-1", id_token: "a.b.c", expires_in: 60, token_type: "Bearer" });
  };
  vi.stubGlobal("fetch", fetch);
  const kept = memoryStore();
  const store: TokenStore = {
    ...kept,
    save: (...record) => (broken === "store" ? Promise.reject(new Error("full")) : kept.save(...record)),
  };
  const clock = manualClock();
  const server = discover(issuer);
  const auth = createAuth(password({ tokenEndpoint: `${issuer}/token`, clientId: "page" }), {
    origins: ["https://api.example.com"],
    fetch,
    store,
    clock,
  });
  await auth.login({ username: "ann", password: "made-up" });

  /** As the README has it, but for where the browser goes. */
  async function logOut(): Promise<string> {
    const idToken = await auth.getToken().then(
      (tokens) => tokens.idToken,
      () => undefined,
    );
    await auth.logout().catch(() => {});
    const there = { idToken, clientId: "page", postLogoutRedirectUri: "https://app.example.com/" };
    return logoutUrl(server, there).catch(() => "/");
  }
  return {
    ...{ auth, clock, kept, logOut },
    break(what: typeof broken) {
      broken = what;
    },
  };
}

describe("the README's logout", () => {
  it.each([
    ["all is well", "nothing", `${issuer}/logout?id_token_hint=a.b.c&client_id=page`],
    ["the session is dead", "session", `${issuer}/logout?client_id=page`],
    ["the server is down", "server", "/"],
    ["the store is out of order", "store", `${issuer}/logout?`],
  ] as const)("logs out where %s", async (_, broken, address) => {
    const session = await start();
    if (broken !== "nothing") await session.clock.advance(61_000);
    session.break(broken);
    const leaving = session.logOut();
    await session.clock.advance(60_000);
    expect(await leaving).toContain(address);
    expect(session.auth.status.state).toBe("logged-out");
    session.break("nothing");
    await session.clock.advance(60_000);
    expect((await session.kept.load())?.tokens).toBeUndefined();
    await session.auth.close();
  });
});
