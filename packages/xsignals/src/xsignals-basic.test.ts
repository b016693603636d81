import { CredentialsRejectedError, createAuth } from "@keyturn/core";
import { createXSignalsEmulator, defaultXSignalsUser } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { xsignalsBasic } from "./index.ts";

const { username, password } = defaultXSignalsUser;
const api = "https://api.xsignals.xpansiv.com/protected";
const basic = (secret: string) => `Basic ${btoa(`${username}:${secret}`)}`;

function start(secret = password) {
  const { fetch, control } = createXSignalsEmulator();
  const sent: Request[] = [];
  const auth = createAuth(xsignalsBasic(), {
    credentials: { username, password: secret },
    fetch: (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      return fetch(request);
    },
  });
  const burst = (count: number) => Promise.allSettled(Array.from({ length: count }, () => auth.fetch(api)));
  return { auth, control, sent, burst };
}

describe("Basic with every request", () => {
  it("is tried once at the login, whose tokens nobody uses", async () => {
    const { burst, control, sent } = start();
    await burst(50);
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(new Array(51).fill(basic(password)));
    expect([control.count("login"), control.count("api", 200)]).toEqual([1, 50]);
  });

  it("[83] with a wrong password reaches the login once, and the API never", async () => {
    const { burst, control } = start("Wrong-Horse-9!");
    const errors = (await burst(100)).map((result) => result.status === "rejected" && result.reason);
    for (const error of errors) expect(error).toBeInstanceOf(CredentialsRejectedError);
    await burst(10);
    expect([control.count("login"), control.count("api"), control.failedLogins(username)]).toEqual([1, 0, 1]);
  });

  it("[2] ends for all calls when the password is changed elsewhere, after one more try", async () => {
    const { auth, burst, control } = start();
    await burst(1);
    control.setPassword(username, "New-Horse-10!");
    await burst(50);
    await burst(50);
    expect([control.count("login"), control.count("api", 401)]).toEqual([2, 50]);
    await auth.login({ username, password: "New-Horse-10!" });
    expect((await auth.fetch(api)).status).toBe(200);
  });

  it("[72] shows no password where a session is printed, and a logout tells nobody", async () => {
    const { auth, burst, control } = start();
    await burst(1);
    expect(JSON.stringify([auth, auth.status])).not.toContain(btoa(`${username}:${password}`));
    await auth.logout();
    expect(control.count("revoke")).toBe(0);
  });
});
