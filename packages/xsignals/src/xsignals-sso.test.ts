import { createAuth } from "@keyturn/core";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import { createAuth0Emulator, defaultAuth0Client, defaultAuth0User, manualClock } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { xsignalsSso } from "./index.ts";

const { clientId, clientSecret } = defaultAuth0Client;
const { username, password } = defaultAuth0User;
const credentials = { username, password };

describe("XSignals by single sign-on", () => {
  it("asks Xpansiv's tenant as documented, and for tokens that can be refreshed", async () => {
    const clock = manualClock();
    const { fetch, sent } = recordedFetch(createAuth0Emulator({ clock }).fetch);
    const context = grantContext({ now: clock.now, fetch });
    const tokens = await xsignalsSso({ clientId, clientSecret }).login(credentials, context);
    expect(tokens.refreshToken).toEqual(expect.any(String));
    expect(sent[0]?.url).toBe("https://auth.xpansiv.com/oauth/token");
    expect(Object.fromEntries(new URLSearchParams(await sent[0]?.text()))).toEqual({
      username,
      password,
      grant_type: "http://auth0.com/oauth/grant-type/password-realm",
      realm: "Username-Password-Authentication",
      scope: "offline_access",
      audience: "https://xpansiv/platform",
      client_id: clientId,
      client_secret: clientSecret,
    });
  });

  it("[169] sends the secret in force, where a function yields it", async () => {
    const clock = manualClock();
    const { fetch, sent } = recordedFetch(createAuth0Emulator({ clock }).fetch);
    await xsignalsSso({ clientId, clientSecret: async () => clientSecret }).login(credentials, grantContext({ now: clock.now, fetch }));
    expect(new URLSearchParams(await sent[0]?.text()).get("client_secret")).toBe(clientSecret);
    expect(() => xsignalsSso({ clientId, clientSecret: undefined as never })).toThrow(/"clientSecret".*is its environment variable set/);
  });

  it("takes another scope, API and endpoint", () => {
    const provider = xsignalsSso({
      clientId,
      clientSecret,
      scope: "read:data",
      baseUrl: "https://api.data.xpansiv.com/v1",
      endpoint: "http://127.0.0.1:4200",
    });
    expect(provider).toMatchObject({ name: "xsignals-sso", origins: ["https://api.data.xpansiv.com"] });
    expect(provider.endpoints).toContain("http://127.0.0.1:4200/oauth/token");
  });

  it("logs in, refreshes after a 401, and logs out", async () => {
    const clock = manualClock();
    const { fetch, control } = createAuth0Emulator({ clock, rotation: "on" });
    const auth = createAuth(xsignalsSso({ clientId, clientSecret }), { credentials, fetch });
    const get = async () => (await auth.fetch("https://api.xsignals.xpansiv.com/protected")).status;
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect([control.count("login"), control.count("refresh"), control.count("api", 401)]).toEqual([1, 1, 1]);
    await auth.logout();
    expect(control.count("revoke", 200)).toBe(1);
    await auth.close();
  });
});
