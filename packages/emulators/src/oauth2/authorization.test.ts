import { describe, expect, it } from "vitest";
import { defaultOAuth2Client, defaultOAuth2PublicClient, defaultOAuth2User } from "./index.ts";
import { challenge, origin, redirectUri, refusal, start } from "./requests.fixture.ts";

const { username, password } = defaultOAuth2User;
const ann = { username, password };

describe("the authorization page that approves by itself", () => {
  it("sends the person back with a code, state and iss (RFC 9207)", async () => {
    const { authorize, callback, trade } = start();
    const parameters = await callback(authorize());
    expect(Object.fromEntries(parameters)).toEqual({ code: expect.any(String), state: "st", iss: origin });
    expect(await (await trade(parameters.get("code"))).json()).toMatchObject({ scope: "openid read", id_token: expect.any(String) });
  });

  it("speaks for the user whom login_hint names", async () => {
    const bob = { id: "user-2", username: "bob@example.com", password: "Made-Up-1!" };
    const { authorize, control } = start({ users: [defaultOAuth2User, bob] });
    await authorize({ login_hint: bob.username });
    expect(control.calls.at(-1)).toMatchObject({ op: "authorize", identity: bob.username });
  });

  it.each<[string, Record<string, string>, string]>([
    ["no PKCE", { code_challenge: "" }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["a request object", { request: "a.b.c" }, "request_not_supported"],
    ["a scope there is not", { scope: "everything" }, "invalid_scope"],
  ])("sends the person back with an error for %s", async (_what, more, error) => {
    const { authorize, callback } = start();
    expect(Object.fromEntries(await callback(authorize(more)))).toMatchObject({ error, state: "st", iss: origin });
  });

  it.each<[string, Record<string, string>]>([
    ["a client there is not", { client_id: "unknown" }],
    ["a redirect URI that is not the client's", { redirect_uri: "https://elsewhere.example.com/" }],
    ["a redirect URI that is script", { redirect_uri: "javascript:alert(1)" }],
    ["a pushed request there is not", { request_uri: "urn:ietf:params:oauth:request_uri:made-up" }],
  ])("sends nobody anywhere for %s", async (_what, more) => {
    const { authorize } = start({ clients: [{ ...defaultOAuth2PublicClient, redirectUris: [redirectUri] }] });
    const answer = await authorize(more);
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it("takes any port of a loopback address (RFC 8252)", async () => {
    const { authorize } = start({ clients: [{ ...defaultOAuth2PublicClient, redirectUris: ["http://127.0.0.1/callback"] }] });
    expect((await authorize({ redirect_uri: "http://127.0.0.1:54321/callback" })).status).toBe(302);
    expect((await authorize({ redirect_uri: "http://127.0.0.1:54321/elsewhere" })).status).toBe(400);
  });
});

describe("a code", () => {
  it.each<[string, Record<string, string>]>([
    ["another verifier", { code_verifier: "x".repeat(43) }],
    ["no verifier", { code_verifier: "" }],
    ["another redirect URI", { redirect_uri: "https://app.example.com/elsewhere" }],
  ])("with %s is refused, and spent", async (_what, more) => {
    const { authorize, callback, trade } = start();
    const code = (await callback(authorize())).get("code");
    expect(await refusal(trade(code, more))).toEqual([400, "invalid_grant"]);
    expect(await refusal(trade(code))).toEqual([400, "invalid_grant"]);
  });

  it("works once; the second use ends what the first began (RFC 6749, section 4.1.2)", async () => {
    const { authorize, callback, trade, api } = start();
    const code = (await callback(authorize())).get("code");
    const [first, second] = await Promise.all([trade(code), trade(code)]);
    expect([first.status, second.status].sort((a, b) => a - b)).toEqual([200, 400]);
    const { access_token } = await (first.ok ? first : second).json();
    expect(await api(access_token)).toBe(401);
  });

  it("lives for a minute", async () => {
    const { authorize, callback, trade, clock } = start();
    const code = (await callback(authorize())).get("code");
    clock.advance(60_000);
    expect(await refusal(trade(code))).toEqual([400, "invalid_grant"]);
  });
});

describe("the authorization page that waits for a person", () => {
  async function open(more: Record<string, string> = {}) {
    const server = start({ approval: "person" });
    const page = await server.authorize(more);
    const html = await page.text();
    const request = /name="request" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const decide = (form: Record<string, string>) =>
      server.fetch(`${origin}/authorize`, { method: "POST", body: new URLSearchParams({ request, ...form }), redirect: "manual" });
    return { ...server, page, html, decide };
  }

  it("is a form that says who asks for what, and loads nothing", async () => {
    const { page, html } = await open();
    expect(page.status).toBe(200);
    expect(html).toContain("example-page asks for openid, read.");
    expect(html).not.toMatch(/<script|src=|href=/);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("shows what a request says as text", async () => {
    const { html } = await open({ login_hint: '"><script>alert(1)</script>' });
    expect(html).not.toContain("<script");
  });

  it("sends the person back by 303 who logs in, once, and knows them by a cookie the next time", async () => {
    const { decide, callback, trade, authorize } = await open();
    const answer = await decide({ ...ann, decision: "allow" });
    expect(answer.status).toBe(303);
    expect((await trade((await callback(answer)).get("code"))).status).toBe(200);
    expect((await decide({ ...ann, decision: "allow" })).status).toBe(400);
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect((await authorize({}, { cookie })).status).toBe(302);
    expect((await authorize({ prompt: "login" }, { cookie })).status).toBe(200);
  });

  it("lets nobody in with a wrong password, and the page stays", async () => {
    const { decide, control } = await open();
    const answer = await decide({ username, password: "Wrong-Horse-9!", decision: "allow" });
    expect([answer.status, control.failedLogins(username)]).toEqual([401, 1]);
    expect((await decide({ ...ann, decision: "allow" })).status).toBe(303);
  });

  it("sends back access_denied for a person who says no, and login_required for prompt=none", async () => {
    const { decide, callback, authorize } = await open();
    expect((await callback(decide({ decision: "deny" }))).get("error")).toBe("access_denied");
    expect((await callback(authorize({ prompt: "none" }))).get("error")).toBe("login_required");
  });

  it("asks again where the login is older than max_age", async () => {
    const { decide, authorize, clock } = await open();
    const cookie = ((await decide({ ...ann, decision: "allow" })).headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    clock.advance(61_000);
    expect((await authorize({ max_age: "60" }, { cookie })).status).toBe(200);
    expect((await authorize({ max_age: "61" }, { cookie })).status).toBe(302);
  });
});

describe("a pushed request (RFC 9126)", () => {
  it("is authenticated, works once, for its client, and for a minute", async () => {
    const { post, authorize, clock } = start({ par: "required" });
    const request = { redirect_uri: redirectUri, response_type: "code", code_challenge: challenge, code_challenge_method: "S256" };
    const pushed = await post("/par", request);
    expect(pushed.status).toBe(201);
    const { request_uri, expires_in } = await pushed.json();
    expect(expires_in).toBe(60);
    const { clientId: client_id } = defaultOAuth2Client;
    expect((await authorize({ request_uri })).status).toBe(400);
    expect((await authorize({ request_uri, client_id })).status).toBe(302);
    expect((await authorize({ request_uri, client_id })).status).toBe(400);
    const late = await (await post("/par", request)).json();
    clock.advance(60_000);
    expect((await authorize({ ...late, client_id })).status).toBe(400);
    expect(await refusal(post("/par", request, {}))).toEqual([401, "invalid_client"]);
  });

  it("is the only way in where the server requires it, and there is none where it is off", async () => {
    const { authorize, callback } = start({ par: "required" });
    expect((await callback(authorize())).get("error")).toBe("invalid_request");
    expect((await start({ par: "off" }).post("/par", {})).status).toBe(404);
  });
});

describe("logout", () => {
  it("ends the person's session and tells the clients that took part", async () => {
    const told: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      told.push(String(url));
      return new Response();
    };
    const clients = [
      { ...defaultOAuth2PublicClient, backchannelLogoutUri: "https://app.example.com/backchannel" },
      { clientId: "bystander", backchannelLogoutUri: "https://bystander.example.com/backchannel" },
    ];
    const { authorize, control } = start({ clients, fetch });
    await authorize();
    expect(await control.endSessions(username)).toEqual([{ clientId: "example-page", status: 200 }]);
    expect(await control.endSessions(username)).toEqual([]);
    expect(told).toEqual(["https://app.example.com/backchannel"]);
  });

  it("returns only to a registered page, and believes only its own ID tokens", async () => {
    const bye = "https://app.example.com/bye";
    const { fetch } = start({ clients: [{ ...defaultOAuth2PublicClient, postLogoutRedirectUris: [bye] }] });
    const leave = async (query: Record<string, string>) => {
      const answer = await fetch(`${origin}/logout?${new URLSearchParams(query)}`, { redirect: "manual" });
      return [answer.status, answer.headers.get("location")];
    };
    const client_id = defaultOAuth2PublicClient.clientId;
    expect(await leave({ client_id, post_logout_redirect_uri: bye, state: "s" })).toEqual([303, `${bye}?state=s`]);
    expect(await leave({ client_id, post_logout_redirect_uri: "https://elsewhere.example.com/" })).toEqual([400, null]);
    expect(await leave({ post_logout_redirect_uri: bye })).toEqual([400, null]);
    expect(await leave({ id_token_hint: "a.b.c" })).toEqual([400, null]);
    expect(await leave({})).toEqual([200, null]);
  });
});
