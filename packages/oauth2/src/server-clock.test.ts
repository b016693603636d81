import { createAuth } from "@keyturn/core";
import { grantContext, manualClock } from "@keyturn/core/testing";
import { decodeJwt, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { clientCredentials, extensionGrant, jwtBearer, password, privateKeyJwt, signedAssertion } from "./index.ts";

const tokenEndpoint = "https://login.example.com/token";
const api = "https://api.example.com/";
const { privateKey: key } = await generateKeyPair("RS256");
const robot = signedAssertion({ key, issuer: "robot@example.com", audience: tokenEndpoint });
const tenMinutes = 600_000;

interface Server {
  /** By how much its clock is ahead of ours, in ms. */
  ahead: number;
  /** Whether a page may read its `Date`. */
  tells: boolean;
  /** What it answers instead of tokens, whatever is asked. */
  refusal?: { readonly error: string };
  readonly asked: { readonly iat: number }[];
}

/** A token endpoint that takes assertions of the last five minutes, by its own clock. */
function start(now: () => number, answerWith: "invalid_grant" | "invalid_client" = "invalid_grant") {
  const server: Server = { ahead: 0, tells: true, asked: [] };
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const time = now() + server.ahead;
    const headers = server.tells ? { date: new Date(time).toUTCString() } : {};
    if (request.url !== tokenEndpoint) return new Response(null, { headers });
    const form = new URLSearchParams(await request.text());
    const { iat = 0, exp = 0 } = decodeJwt(form.get("client_assertion") ?? form.get("assertion") ?? "");
    server.asked.push({ iat });
    const isFresh = exp * 1000 > time && iat * 1000 < time + 5_000;
    if (!isFresh || server.refusal) return Response.json({ error: answerWith, ...server.refusal }, { status: 400, headers });
    return Response.json({ access_token: `at-${server.asked.length}`, expires_in: 3600 }, { headers });
  };
  return { server, fetch };
}

const saml = (assertion: typeof robot) =>
  extensionGrant({
    tokenEndpoint,
    clientId: "app",
    grantType: "urn:example:assertion",
    parameters: async (_, context) => ({ assertion: await assertion(context) }),
  });

describe.each([
  ["a JWT bearer grant", () => jwtBearer({ tokenEndpoint, assertion: robot })],
  ["an extension grant without credentials", () => saml(robot)],
])("%s", (_, create) => {
  function session() {
    const clock = manualClock();
    const { server, fetch } = start(clock.now);
    const auth = createAuth(create(), { origins: [api], clock, fetch });
    const ask = () =>
      auth.fetch(api).then(
        ({ status }) => status,
        ({ code }) => code,
      );
    return { clock, server, auth, ask };
  }

  it.each([tenMinutes, -tenMinutes])(
    "[165] logs in though the server's clock is %i ms ahead: with its own time, by the Date of the refusal",
    async (ahead) => {
      const { server, ask, auth, clock } = session();
      server.ahead = ahead;
      expect(await ask()).toBe(200);
      expect(server.asked).toHaveLength(2);
      expect(auth.status.expiresAt).toBe(clock.now() + 3_600_000);
      await auth.close();
    },
  );

  it("[165] signs by the server's time from then on, and by ours when that is right again", async () => {
    const { server, ask, clock, auth } = session();
    server.ahead = tenMinutes;
    await ask();
    await clock.advance(3_600_000);
    expect([await ask(), server.asked.length]).toEqual([200, 3]);
    server.ahead = 0;
    await clock.advance(3_600_000);
    expect([await ask(), server.asked.length]).toEqual([200, 5]);
    await clock.advance(3_600_000);
    expect([await ask(), server.asked.length]).toEqual([200, 6]);
    await auth.close();
  });

  it("[166] is not signed out for good by a clock that was wrong where no Date tells", async () => {
    const { server, ask, clock, auth } = session();
    server.tells = false;
    server.ahead = tenMinutes;
    expect([await ask(), server.asked.length]).toEqual(["misconfigured", 1]);
    server.ahead = 0;
    await clock.advance(120_000);
    expect(await ask()).toBe(200);
    await auth.close();
  });

  it("[166] tries a refused assertion once where the clocks agree, then backs off", async () => {
    const { server, ask, clock, auth } = session();
    server.refusal = { error: "invalid_grant" };
    for (let call = 0; call < 100; call++) expect(await ask()).toBe("misconfigured");
    expect(server.asked).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(server.asked.length).toBeLessThan(70);
    delete server.refusal;
    expect(await ask()).toBe(200);
    await auth.close();
  });
});

describe("privateKeyJwt", () => {
  const signed = { tokenEndpoint, clientId: "app", clientAuthentication: privateKeyJwt({ key }) };
  const user = { username: "ann", password: "Correct-Horse-9!" };

  it.each([tenMinutes, -tenMinutes])("[165] logs in though the server's clock is %i ms ahead", async (ahead) => {
    const { server, fetch } = start(() => Date.now(), "invalid_client");
    server.ahead = ahead;
    const context = grantContext({ fetch, now: () => Date.now() });
    const provider = clientCredentials(signed);
    expect(await provider.login(undefined, context)).toMatchObject({ accessToken: "at-2" });
    await provider.login(undefined, context);
    expect(server.asked).toHaveLength(3);
  });

  it("[165] signs by the session's clock", async () => {
    const now = () => Date.UTC(2030, 0, 1);
    const { server, fetch } = start(now);
    await clientCredentials(signed).login(undefined, grantContext({ fetch, now }));
    expect(Math.abs((server.asked[0]?.iat ?? 0) * 1000 - now())).toBeLessThanOrEqual(1_000);
  });

  it.each(["invalid_grant", "access_denied"])(
    "[165] sends no password again that is refused with %s, whatever the clocks say",
    async (error) => {
      const { server, fetch } = start(() => Date.now());
      Object.assign(server, { ahead: tenMinutes, refusal: { error } });
      await expect(password(signed).login(user, grantContext({ fetch, now: () => Date.now() }))).rejects.toBeDefined();
      expect(server.asked).toHaveLength(1);
    },
  );

  it("[165] takes a slow answer for no wrong clock", async () => {
    let time = Date.now();
    const { server, fetch } = start(() => time, "invalid_client");
    server.refusal = { error: "invalid_client" };
    const slow: typeof fetch = async (...call) => {
      time += 15_000;
      const answer = await fetch(...call);
      time += 15_000;
      return answer;
    };
    await expect(clientCredentials(signed).login(undefined, grantContext({ fetch: slow, now: () => time }))).rejects.toBeDefined();
    expect(server.asked).toHaveLength(1);
  });
});
