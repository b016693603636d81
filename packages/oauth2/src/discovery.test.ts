import { grantContext } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { clientCredentials, discover, type OAuthOptions } from "./index.ts";

const issuer = "https://login.example.com";
const metadata = { issuer, token_endpoint: `${issuer}/token`, revocation_endpoint: `${issuer}/revoke` };
const issued = { access_token: "at-1", token_type: "Bearer", expires_in: 3600 };
const client: Pick<OAuthOptions, "clientId" | "clientSecret"> = { clientId: "client", clientSecret: "made-up" };

/** Answers by path, and keeps the paths asked for. */
function serving(answers: Readonly<Record<string, () => Response>>) {
  const asked: string[] = [];
  let time = 1_000_000;
  const context = grantContext({
    now: () => time,
    fetch: async (input, init) => {
      const { pathname } = new URL(new Request(input, init).url);
      asked.push(pathname);
      return answers[pathname]?.() ?? new Response("nothing here", { status: 404 });
    },
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { context, asked, pass };
}

const openId = "/.well-known/openid-configuration";
const rfc8414 = "/.well-known/oauth-authorization-server";
const good = { [openId]: () => Response.json(metadata), "/token": () => Response.json(issued) };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error) => error.code,
  );

describe("discovery", () => {
  it("asks once for all that share it, however many begin at the same time", async () => {
    const server = discover(issuer);
    const { context, asked } = serving(good);
    const providers = [clientCredentials({ server, ...client }), clientCredentials({ server, ...client, scope: "read" })];
    await Promise.all([...providers, ...providers].map((provider) => provider.login(undefined, context)));
    expect(asked.filter((path) => path === openId)).toHaveLength(1);
  });

  it("asks again when the metadata are older than they may be", async () => {
    const server = discover(issuer, { maxAge: 60_000 });
    const { context, asked, pass } = serving(good);
    const provider = clientCredentials({ server, ...client });
    await provider.login(undefined, context);
    pass(60_001);
    await provider.login(undefined, context);
    expect(asked).toEqual([openId, "/token", openId, "/token"]);
  });

  it("asks again when an endpoint has moved, once in a minute at most", async () => {
    const moved = { ...good, "/token": () => new Response("gone", { status: 404 }) };
    const { context, asked, pass } = serving(moved);
    const provider = clientCredentials({ server: discover(issuer), ...client });
    await codeOf(provider.login(undefined, context));
    await codeOf(provider.login(undefined, context));
    expect(asked).toEqual([openId, "/token", "/token"]);
    pass(60_001);
    await codeOf(provider.login(undefined, context));
    await codeOf(provider.login(undefined, context));
    expect(asked.filter((path) => path === openId)).toHaveLength(2);
  });

  it("asks again where an endpoint is missing that is needed, once in a minute at most", async () => {
    let published: object = { issuer };
    const { context, asked, pass } = serving({ ...good, [openId]: () => Response.json(published) });
    const provider = clientCredentials({ server: discover(issuer), ...client });
    for (const _ of [1, 2]) expect(await codeOf(provider.login(undefined, context))).toBe("misconfigured");
    expect(asked).toEqual([openId]);
    published = metadata;
    pass(61_000);
    expect(await codeOf(provider.login(undefined, context))).toBe("none");
    expect(asked).toEqual([openId, openId, "/token"]);
  });

  it("goes on to the address of RFC 8414 where OpenID Connect's has nothing", async () => {
    const { context, asked } = serving({ [rfc8414]: () => Response.json(metadata), "/token": () => Response.json(issued) });
    await clientCredentials({ server: discover(issuer), ...client }).login(undefined, context);
    expect(asked).toEqual([openId, rfc8414, "/token"]);
  });

  it("that failed is tried again by the next login", async () => {
    let failures = 1;
    const answers = { ...good, [openId]: () => (failures-- > 0 ? new Response("busy", { status: 503 }) : Response.json(metadata)) };
    const { context } = serving(answers);
    const provider = clientCredentials({ server: discover(issuer), ...client });
    expect(await codeOf(provider.login(undefined, context))).toBe("token-request-failed");
    expect(await codeOf(provider.login(undefined, context))).toBe("none");
  });

  it.each([
    ["of another issuer", { ...metadata, issuer: "https://elsewhere.example.com" }],
    ["without a token endpoint", { issuer }],
    ["that are no JSON", "<html>"],
  ])("metadata %s are a misconfiguration, and no secret is sent", async (_, published) => {
    const body = typeof published === "string" ? published : JSON.stringify(published);
    const { context, asked } = serving({
      [openId]: () => new Response(body, { headers: { "content-type": "application/json" } }),
      "/token": good["/token"],
    });
    expect(await codeOf(clientCredentials({ server: discover(issuer), ...client }).login(undefined, context))).toBe("misconfigured");
    expect(asked).not.toContain("/token");
  });

  it("[161] metadata of more than 1 MiB are malformed, and no secret is sent", async () => {
    const { context, asked } = serving({ ...good, [openId]: () => Response.json({ ...metadata, padding: "x".repeat(1_048_576) }) });
    const login = clientCredentials({ server: discover(issuer), ...client }).login(undefined, context);
    expect(await codeOf(login)).toBe("token-response-malformed");
    expect(asked).toEqual([openId]);
  });

  it("leaves endpoints that are given by hand as they are", async () => {
    const { context, asked } = serving({ ...good, "/other": () => Response.json(issued) });
    await clientCredentials({ server: discover(issuer), tokenEndpoint: `${issuer}/other`, ...client }).login(undefined, context);
    expect(asked).toEqual([openId, "/other"]);
  });

  it("makes its endpoints known, so that requests to them carry no token", async () => {
    const { context } = serving(good);
    const provider = clientCredentials({ server: discover(issuer), ...client });
    await provider.login(undefined, context);
    expect(provider.endpoints).toContain(`${issuer}/token`);
  });

  it("tells sessions of different issuers apart", () => {
    const of = (url: string) => clientCredentials({ server: discover(url), ...client }).configuration;
    expect(of(issuer)).not.toBe(of("https://elsewhere.example.com"));
  });

  it.each([
    ["an issuer that is no https URL", () => discover("http://login.example.com"), "issuer"],
    ["an unknown option", () => discover(issuer, { maxage: 1 } as object), "maxage"],
    ["a server that is none", () => clientCredentials({ server: issuer as never, ...client }), "server"],
    ["neither server nor token endpoint", () => clientCredentials(client), "tokenEndpoint"],
  ])("does not take %s", (_, create, word) => {
    expect(create).toThrow(TypeError);
    expect(create).toThrow(word);
  });
});
