import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import { recordedFetch } from "@keyturn/core/testing";
import { createFinapiEmulator, defaultFinapiClient, type FinapiOptions } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import {
  createUser,
  deleteUnverifiedUser,
  deleteUser,
  editUser,
  FinapiError,
  finapiClient,
  finapiUser,
  getUser,
  isUserVerified,
  verifyUser,
} from "./index.ts";

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

async function withBob(emulated: FinapiOptions = {}) {
  const { fetch, control } = createFinapiEmulator(emulated);
  const auth = createAuth(finapiClient(client), { fetch });
  await createUser(auth, bob, sandbox);
  const user = createAuth(finapiUser(client), { credentials: { username: bob.id, password: bob.password }, fetch });
  return { fetch, control, auth, user };
}

describe("a user", () => {
  it("is shown to itself, without a password", async () => {
    const { user } = await withBob();
    expect(await getUser(user, sandbox)).toEqual({ id: bob.id, email: bob.email, phone: null, isAutoUpdateEnabled: false });
  });

  it("changes itself; what is left out stays, and an empty text clears", async () => {
    const { user } = await withBob();
    expect(await editUser(user, { phone: "+49 99 1", isAutoUpdateEnabled: true }, sandbox)).toMatchObject({
      email: bob.email,
      phone: "+49 99 1",
    });
    expect(await editUser(user, { email: "" }, sandbox)).toEqual({ id: bob.id, email: null, phone: "+49 99 1", isAutoUpdateEnabled: true });
    expect(await failureOf(editUser(user, {}, sandbox))).toMatchObject({ status: 400, code: "MISSING_FIELD" });
  });

  it("deletes itself, and cannot log in again", async () => {
    const { user, fetch } = await withBob();
    await deleteUser(user, sandbox);
    const again = createAuth(finapiUser(client), { credentials: { username: bob.id, password: bob.password }, fetch });
    expect(await failureOf(again.getToken())).toMatchObject({ code: "credentials-rejected" });
  });

  it.each([
    ["getUser", getUser],
    ["deleteUser", deleteUser],
  ] as const)("%s is not for clients", async (_name, call) => {
    const { auth } = await withBob();
    expect(await failureOf(call(auth, sandbox))).toMatchObject({ status: 403, code: "UNAUTHORIZED_ACCESS" });
  });
});

describe("a user who has to be verified", () => {
  const users = [{ id: "Eve@example.com", password: "Correct-Horse-7!", verified: false }];

  it("is let in by the client, whatever the case of the id", async () => {
    const { fetch } = createFinapiEmulator({ users });
    const auth = createAuth(finapiClient(client), { fetch });
    expect(await isUserVerified(auth, "eve@example.com", sandbox)).toBe(false);
    await verifyUser(auth, "EVE@example.com", sandbox);
    expect(await isUserVerified(auth, "Eve@example.com", sandbox)).toBe(true);
    expect(await failureOf(verifyUser(auth, "eve@example.com", sandbox))).toMatchObject({ code: "USER_ALREADY_VERIFIED" });
  });

  it("is deleted by the client if they never come, and only then", async () => {
    const { fetch } = createFinapiEmulator({ users });
    const auth = createAuth(finapiClient(client), { fetch });
    await deleteUnverifiedUser(auth, "eve@example.com", sandbox);
    expect(await failureOf(isUserVerified(auth, "eve@example.com", sandbox))).toMatchObject({ status: 404, code: "UNKNOWN_ENTITY" });
    await createUser(auth, bob, sandbox);
    expect(await failureOf(deleteUnverifiedUser(auth, bob.id, sandbox))).toMatchObject({ code: "USER_ALREADY_VERIFIED" });
  });
});

describe("every call", () => {
  it("sends a request id and a language, and an error tells the id", async () => {
    const { auth, fetch } = await withBob();
    const { sent, fetch: recorded } = recordedFetch(auth.fetch);
    const noted = { ...auth, fetch: recorded };
    const options = { ...sandbox, requestId: "order-4711", language: "en" } as const;
    const error = await failureOf(getUser(noted, options));
    expect(error).toMatchObject({ name: "FinapiError", requestId: "order-4711" });
    expect([sent[0]?.headers.get("x-request-id"), sent[0]?.headers.get("accept-language")]).toEqual(["order-4711", "en"]);
    const user = createAuth(finapiUser(client), { credentials: { username: bob.id, password: bob.password }, fetch });
    expect(await failureOf(verifyUser(user, bob.id, sandbox))).toMatchObject({ requestId: expect.stringMatching(/^selfgen-/) });
  });

  it.each([
    ["requestId", { requestId: "x".repeat(256) }],
    ["language", { language: "fr" }],
    ["environment", { environment: "test" }],
    ["timeout", { timeout: 1 }],
  ])("with a wrong %s is a TypeError before anything is sent", async (name, wrong) => {
    const { auth, control } = start();
    await expect(getUser(auth, { ...sandbox, ...wrong } as typeof sandbox)).rejects.toThrow(new RegExp(`"${name}"`)); // wrong on purpose
    expect(control.calls).toEqual([]);
  });
});
