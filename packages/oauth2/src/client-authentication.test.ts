import { grantContext } from "@keyturn/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientCredentials, type OAuthOptions, type PasswordCredentials, password } from "./index.ts";

const tokenEndpoint = "https://login.example.com/token";

/** What a client sends of itself with one login. */
async function sentBy(options: Pick<OAuthOptions, "clientId" | "clientSecret" | "clientAuthentication">) {
  const sent: { authorization: string | null; form: URLSearchParams }[] = [];
  const context = grantContext({
    now: () => Date.now(),
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push({ authorization: request.headers.get("authorization"), form: new URLSearchParams(await request.text()) });
      return Response.json({ access_token: "at-1" });
    },
  });
  await clientCredentials({ ...options, tokenEndpoint }).login(undefined, context);
  return sent[0];
}

const pairOf = (authorization: string | null | undefined) => atob(authorization?.replace("Basic ", "") ?? "").split(":");

describe("client_secret_basic", () => {
  it("[169] leaves a UUID as it is, for servers that decode nothing", async () => {
    const clientId = "0f8fad5b-d9cb-469f-a165-70867728950e";
    const sent = await sentBy({ clientId, clientSecret: "Made.Up-Secret_1*" });
    expect(pairOf(sent?.authorization)).toEqual([clientId, "Made.Up-Secret_1*"]);
  });

  it("[169] is what form decoding reads as the client's id and secret, whatever they hold", async () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const pair = pairOf((await sentBy({ clientId, clientSecret }))?.authorization);
        expect(pair.map((part) => new URLSearchParams(`a=${part}`).get("a"))).toEqual([clientId, clientSecret]);
      }),
    );
  });
});

describe("a client secret", () => {
  it.each(["client_secret_basic", "client_secret_post"] as const)(
    "[169] may be rotated while a session runs, with %s",
    async (clientAuthentication) => {
      let now = "made-up-1";
      const options = { clientId: "app", clientAuthentication, clientSecret: async () => now };
      const secretIn = async () => {
        const sent = await sentBy(options);
        return sent?.form.get("client_secret") ?? pairOf(sent?.authorization)[1];
      };
      expect(await secretIn()).toBe("made-up-1");
      now = "made-up-2";
      expect(await secretIn()).toBe("made-up-2");
    },
  );

  it("[169] that its function does not yield stops the login, before anything is sent", async () => {
    const nothing = clientCredentials({ tokenEndpoint, clientId: "app", clientSecret: () => "" });
    let sent = 0;
    const fetch = async () => {
      sent++;
      return Response.json({});
    };
    await expect(nothing.login(undefined, grantContext({ fetch, now: () => 0 }))).rejects.toMatchObject({ code: "misconfigured" });
    expect(sent).toBe(0);
  });

  it("[169] that is missing by mistake makes no public client of one that logs in by itself", async () => {
    const { MADE_UP_SECRET } = process.env; // which nobody has set
    expect(() => clientCredentials({ tokenEndpoint, clientId: "app", clientSecret: MADE_UP_SECRET })).toThrow(TypeError);
    expect(() => clientCredentials({ tokenEndpoint, clientId: "app", clientSecret: MADE_UP_SECRET })).toThrow(
      'clientCredentials(): option "clientSecret" is missing; is its environment variable set?',
    );
    const sent = await sentBy({ clientId: "app", clientAuthentication: "none" });
    expect([sent?.authorization, sent?.form.get("client_id")]).toEqual([null, "app"]);
  });

  it("[169] that a chosen authentication needs is asked for by name", () => {
    expect(() => password({ tokenEndpoint, clientId: "app", clientAuthentication: "client_secret_basic" })).toThrow(
      /option "clientAuthentication" needs the option "clientSecret"; is its environment variable set/,
    );
  });

  it("is not needed for grants that public clients may use", async () => {
    const user: PasswordCredentials = { username: "ann", password: "Correct-Horse-9!" };
    const context = grantContext({ fetch: async () => Response.json({ access_token: "at-1" }), now: () => 0 });
    expect(await password({ tokenEndpoint, clientId: "app" }).login(user, context)).toMatchObject({ accessToken: "at-1" });
  });
});
