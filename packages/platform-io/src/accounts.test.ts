import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import { recordedFetch } from "@keyturn/core/testing";
import { createPlatformIoEmulator, defaultPlatformIoUser, type PlatformIoOptions as Emulated } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { deleteClient, loginClient, PlatformIoError, platformIo, signUpClient, updateClient } from "./index.ts";

const { username, password } = defaultPlatformIoUser;
const platform = { platformId: "example", environment: "staging" } as const;
const bob = {
  ...{ userId: "a07f3a3e-3b7c-4b56-9d3f-3f2f9e1d5c11", email: "bob@example.com", password: "Correct-Horse-8!" },
  ...{ name: { firstName: "Bob", lastName: "Example" }, phoneNumber: "+27110000000", customData: { shoeSize: 44 } },
};

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function start(emulated: Emulated = {}) {
  const server = createPlatformIoEmulator(emulated);
  const { fetch, sent } = recordedFetch(server.fetch);
  const auth = createAuth(platformIo(platform), {
    credentials: { username, password },
    fetch,
  });
  return { auth, control: server.control, sent };
}

describe("a client account", () => {
  it("is created with the service user's token, in the API's words", async () => {
    const { auth, sent } = start();
    expect(await signUpClient(auth, bob, platform)).toEqual({ userId: bob.userId, clientToken: expect.any(String) });
    const request = sent.at(-1);
    expect([request?.method, request?.url]).toEqual(["POST", "https://api.staging.example.platform.io/v1/client/signup"]);
    expect(request?.headers.get("authorization")).toMatch(/^Bearer /);
    expect(await request?.json()).toEqual({
      ...{ user_id: bob.userId, email: bob.email, password: bob.password, phone_number: bob.phoneNumber },
      ...{ name: { first_name: "Bob", last_name: "Example" }, custom_data: { shoeSize: 44 } },
    });
  });

  it("is logged in, and tells who it is", async () => {
    const { auth } = start();
    await signUpClient(auth, bob, platform);
    expect(await loginClient(auth, bob, platform)).toEqual({
      ...{ userId: bob.userId, clientToken: expect.any(String), email: bob.email, name: bob.name, phoneNumber: bob.phoneNumber },
    });
  });

  it("is changed with its own token beside the service user's: what is left out stays, null clears", async () => {
    const { auth, sent } = start();
    const client = await signUpClient(auth, bob, platform);
    await updateClient(auth, client, { email: "bobby@example.com", phoneNumber: null }, platform);
    const request = sent.at(-1);
    expect(request?.headers.get("client-token")).toBe(client.clientToken);
    expect(request?.redirect).toBe("manual");
    expect(await request?.json()).toEqual({ email: "bobby@example.com", phone_number: null });
    const { email, phoneNumber, name } = await loginClient(auth, { email: "bobby@example.com", password: bob.password }, platform);
    expect({ email, phoneNumber, name }).toEqual({ email: "bobby@example.com", phoneNumber: undefined, name: bob.name });
  });

  it("is deleted, with a reason", async () => {
    const { auth, sent } = start();
    const client = await signUpClient(auth, bob, platform);
    await deleteClient(auth, client, platform, "moved away");
    expect([sent.at(-1)?.method, await sent.at(-1)?.text()]).toEqual(["DELETE", '{"reason":"moved away"}']);
    expect(await failureOf(loginClient(auth, bob, platform))).toMatchObject({ status: 404, code: "errors.not-found" });
  });

  it("keeps its token out of sight where the service user's has to be renewed", async () => {
    const { auth, control, sent } = start();
    const client = await signUpClient(auth, bob, platform);
    control.expireAccess();
    await updateClient(auth, client, { email: "bobby@example.com" }, platform);
    expect(control.count("update-client", 401)).toBe(1);
    const logins = sent.filter(({ url }) => url.endsWith("/login/password"));
    expect(logins.map(({ headers }) => headers.has("client-token"))).toEqual([false, false]);
    expect(sent.map(({ url }) => url).join()).not.toContain(client.clientToken);
  });
});

describe("an error", () => {
  it.each<readonly [string, (session: ReturnType<typeof start>) => Promise<unknown>, object]>([
    [
      "an id that is taken",
      async ({ auth }) => {
        await signUpClient(auth, bob, platform);
        return signUpClient(auth, bob, platform);
      },
      { status: 409, code: "errors.conflict.id" },
    ],
    [
      "a wrong password of a client",
      async ({ auth }) => {
        await signUpClient(auth, bob, platform);
        return loginClient(auth, { email: bob.email, password: "Wrong-Horse-9!" }, platform);
      },
      { status: 401, code: "errors.login.failed" },
    ],
    [
      "a field that is wrong",
      ({ auth }) => signUpClient(auth, { ...bob, userId: "no-uuid" }, platform),
      {
        status: 400,
        code: "errors.validation.field.value",
        errors: [{ code: "errors.validation.field.value", id: expect.any(String), source: "user_id" }],
      },
    ],
    [
      "another client's token",
      async ({ auth }) => {
        const { clientToken } = await signUpClient(auth, bob, platform);
        const eve = { ...bob, userId: "b07f3a3e-3b7c-4b56-9d3f-3f2f9e1d5c11", email: "eve@example.com" };
        await signUpClient(auth, eve, platform);
        return updateClient(auth, { userId: eve.userId, clientToken }, { email: "mine@example.com" }, platform);
      },
      { code: "errors.forbidden" },
    ],
  ])("of %s has the API's own code, and shows nothing that was sent", async (_what, work, expected) => {
    for (const foreignClient of [403, 401] as const) {
      const session = start({ foreignClient });
      const error = await failureOf(work(session));
      expect(error).toBeInstanceOf(PlatformIoError);
      expect(error).toMatchObject(foreignClient === 403 || "status" in expected ? expected : {});
      expect(inspect(error, { showHidden: true })).not.toMatch(/Horse|bob@|eve@/);
    }
  });

  it("of a wrong client password costs the service user one login at most", async () => {
    const { auth, control } = start();
    await signUpClient(auth, bob, platform);
    for (let round = 0; round < 5; round++) await failureOf(loginClient(auth, { email: bob.email, password: "Wrong-Horse-9!" }, platform));
    expect([control.count("login"), control.count("login-client", 401)]).toEqual([1, 5]);
  });

  it("of an instance without client accounts says so", async () => {
    const { auth } = start({ clientAccounts: "disabled" });
    expect(await failureOf(signUpClient(auth, bob, platform))).toMatchObject({ status: 403, code: "errors.forbidden" });
  });

  it.each(["html-502", "malformed-json", "empty"] as const)("is what an answer without a token is: %s", async (fault) => {
    const { auth, control } = start();
    control.failNext("sign-up-client", fault);
    expect(await failureOf(signUpClient(auth, bob, platform))).toMatchObject({ name: "PlatformIoError", code: undefined });
  });

  it.each([
    ["clientToken", { userId: bob.userId, clientToken: "" }, platform],
    ["environment", { userId: bob.userId, clientToken: "made-up" }, { platformId: "example", environment: "test" }],
  ])("a wrong %s is a TypeError before anything is sent", async (name, client, place) => {
    const { auth, control } = start();
    await expect(deleteClient(auth, client, place as typeof platform)).rejects.toThrow(new RegExp(`"${name}"`)); // wrong on purpose
    expect(control.calls).toEqual([]);
  });
});
