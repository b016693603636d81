import { defaultCognitoUser } from "@keyturn/emulators";
import { describe, expect, it, vi } from "vitest";
import { start, userPoolId } from "./server.fixture.ts";

const loaded = vi.hoisted((): string[] => []);
for (const part of ["srp", "guided-login"])
  vi.doMock(`./${part}.ts`, async (original) => {
    loaded.push(part);
    return original();
  });

describe("what a login needs", () => {
  it("is loaded when it needs it", async () => {
    await start().login();
    expect(loaded).toEqual([]);
    await start({ users: [{ ...defaultCognitoUser, mfa: ["EMAIL_OTP"] }] })
      .login()
      .catch(() => {});
    expect(loaded).toEqual(["guided-login"]);
    await start({}, { flow: "USER_SRP_AUTH", userPoolId }).login();
    expect(loaded).toEqual(["guided-login", "srp"]);
  });
});
