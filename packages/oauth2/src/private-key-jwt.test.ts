import { grantContext } from "@keyturn/core/testing";
import { decodeJwt, decodeProtectedHeader, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { clientCredentials, discover, type PrivateKeyJwtOptions, privateKeyJwt } from "./index.ts";

const issuer = "https://login.example.com";
const tokenEndpoint = `${issuer}/token`;

/** What a client says of itself, at a server whose endpoints are found out or given. */
async function assertionOf(more: Omit<PrivateKeyJwtOptions, "key">, found = true, algorithm = "RS256") {
  const { privateKey: key } = await generateKeyPair(algorithm);
  const sent: URLSearchParams[] = [];
  const context = grantContext({
    now: () => Date.now(),
    async fetch(input, init) {
      const request = new Request(input, init);
      if (request.method === "GET") return Response.json({ issuer, token_endpoint: tokenEndpoint });
      sent.push(new URLSearchParams(await request.text()));
      return Response.json({ access_token: "at-1" });
    },
  });
  const where = found ? { server: discover(issuer) } : { tokenEndpoint };
  await clientCredentials({ ...where, clientId: "app", clientAuthentication: privateKeyJwt({ key, ...more }) }).login(undefined, context);
  const assertion = sent[0]?.get("client_assertion") ?? "";
  return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
}

describe("a client's assertion", () => {
  it("is for the issuer, and for the token endpoint where nothing else is known", async () => {
    expect((await assertionOf({})).claims).toMatchObject({ aud: issuer, iss: "app", sub: "app" });
    expect((await assertionOf({}, false)).claims).toMatchObject({ aud: tokenEndpoint });
  });

  it("is for whom the server wants it, with what the server wants in its header, signed as the key says", async () => {
    const { header, claims } = await assertionOf({ keyId: "1", audience: tokenEndpoint, header: { "x5t#S256": "made-up" } }, true, "PS256");
    expect(header).toEqual({ alg: "PS256", kid: "1", "x5t#S256": "made-up" });
    expect(claims).toMatchObject({ aud: tokenEndpoint });
  });

  it.each([
    ["audience", { audience: "" }],
    ["header", { header: "x5t" as never }],
    ["keyId", { keyId: "" }],
  ])("is not made with a wrong %s", async (option, more) => {
    const { privateKey: key } = await generateKeyPair("RS256");
    expect(() => privateKeyJwt({ key, ...more })).toThrow(`option "${option}"`);
  });
});
