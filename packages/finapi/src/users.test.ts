import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import { createFinapiEmulator, defaultFinapiClient } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { createUser, FinapiError, finapiClient, finapiUser } from "./index.ts";

const sandbox = { environment: "sandbox" } as const;
const client = { clientId: defaultFinapiClient.clientId, clientSecret: defaultFinapiClient.clientSecret, ...sandbox };
const bob = { id: "bob@example.com", password: "Correct-Horse-8!", email: "bob@example.com", isAutoUpdateEnabled: false };

function start() {
  const { fetch, control } = createFinapiEmulator();
  return { fetch, control, auth: createAuth(finapiClient(client), { fetch }) };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error) => error,
  );
}

describe("createUser", () => {
  it("creates a user over the client's session, who can then log in", async () => {
    const { auth, fetch, control } = start();
    expect(await createUser(auth, bob, sandbox)).toEqual({ ...bob, phone: null });
    const user = createAuth(finapiUser(client), { credentials: { username: "BOB@example.com", password: bob.password }, fetch });
    const response = await user.fetch("https://sandbox.finapi.io/protected");
    expect(await response.json()).toEqual({ identity: bob.id });
    expect(control.count("client-login")).toBe(1);
  });

  it("returns the id and password that finAPI made up", async () => {
    const { auth } = start();
    expect(await createUser(auth, {}, sandbox)).toMatchObject({ id: expect.any(String), password: expect.any(String) });
  });

  it("names an id that is taken, in any case, and shows nothing of the user", async () => {
    const { auth } = start();
    await createUser(auth, bob, sandbox);
    const error = await failureOf(createUser(auth, { ...bob, id: bob.id.toUpperCase() }, sandbox));
    expect(error).toBeInstanceOf(FinapiError);
    expect(error).toMatchObject({
      name: "FinapiError",
      status: 422,
      code: "ENTITY_EXISTS",
      message: "finapi: createUser failed with status 422 (ENTITY_EXISTS)",
    });
  });

  it("is not for users", async () => {
    const { auth, fetch } = start();
    await createUser(auth, bob, sandbox);
    const user = createAuth(finapiUser(client), { credentials: { username: bob.id, password: bob.password }, fetch });
    expect(await failureOf(createUser(user, { id: "carol" }, sandbox))).toMatchObject({ status: 403, code: "UNAUTHORIZED_ACCESS" });
  });

  it.each(["html-502", "malformed-json", "empty"] as const)("takes an answer that is no user for an error: %s", async (fault) => {
    const { auth, control } = start();
    control.failNext("create-user", fault);
    const error = await failureOf(createUser(auth, bob, sandbox));
    expect(error).toMatchObject({ name: "FinapiError", status: fault === "html-502" ? 502 : 200, code: undefined });
  });

  it("71: shows no password that the answer holds", async () => {
    const { auth, control } = start();
    control.failNext("create-user", { status: 201, body: `password: ${bob.password}` });
    const error = await failureOf(createUser(auth, bob, sandbox));
    expect(inspect(error, { showHidden: true })).not.toContain(bob.password);
  });

  it("ends with its signal", async () => {
    const { auth } = start();
    const reason = new Error("too late");
    expect(await failureOf(createUser(auth, bob, { ...sandbox, signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it("goes to the host it is told", async () => {
    const urls: string[] = [];
    const auth = {
      fetch: async (input: string | URL | Request) => {
        urls.push(String(input));
        return Response.json(bob, { status: 201 });
      },
    };
    await createUser(auth, bob, { environment: "live" });
    await createUser(auth, bob, { baseUrl: "http://127.0.0.1:4000" });
    expect(urls).toEqual(["https://live.finapi.io/api/v2/users", "http://127.0.0.1:4000/api/v2/users"]);
    await expect(createUser(auth, bob, {} as typeof sandbox)).rejects.toThrow(TypeError); // wrong on purpose
  });
});
