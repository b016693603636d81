import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultOAuth2Client, defaultOAuth2PublicClient } from "./index.ts";
import { asUser, basic, origin, start } from "./requests.fixture.ts";

const paths = [
  "/token",
  "/par",
  "/authorize",
  "/device_authorization",
  "/device",
  "/revoke",
  "/introspect",
  "/userinfo",
  "/logout",
  "/protected",
];
const names = [
  ...[
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "scope",
  ],
  ...[
    "refresh_token",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "audience",
    "resource",
    "assertion",
    "token",
  ],
  ...[
    "device_code",
    "user_code",
    "username",
    "password",
    "decision",
    "request",
    "request_uri",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "acr_values",
  ],
  ...["login_hint", "response_type", "code_challenge", "code_challenge_method", "id_token_hint", "post_logout_redirect_uri", "dpop_jkt"],
];
const meant = [
  ...["client_credentials", "refresh_token", "authorization_code", "password", "urn:ietf:params:oauth:grant-type:token-exchange"],
  ...["urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:device_code", "code", "S256", "none", "openid read"],
  ...[
    "urn:ietf:params:oauth:token-type:access_token",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "a.b.c",
    "e30.e30.e30",
    "allow",
  ],
  ...[
    defaultOAuth2Client.clientId,
    defaultOAuth2PublicClient.clientId,
    "https://app.example.com/callback",
    "__proto__",
    "constructor",
    "NaN",
  ],
];
const value = fc.oneof(fc.constantFrom(...meant), fc.string({ unit: "binary", maxLength: 40 }));
const headerValue = fc.oneof(
  fc.constantFrom(basic, "Basic !", "Basic", "Bearer", "Bearer a.b.c", "DPoP a.b.c", "e30.e30.e30", ":====:", ":a:", "emulator-session=;;"),
  fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
);
const request = fc.record({
  path: fc.constantFrom(...paths),
  method: fc.constantFrom("GET", "POST"),
  parameters: fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 8 }),
  headers: fc.dictionary(fc.constantFrom("authorization", "dpop", "client-cert", "cookie", "content-type"), headerValue, {
    noNullPrototype: true,
  }),
});

it("whatever is sent, the server answers: no 5xx, no exception, and nothing that was sent becomes markup", async () => {
  const clients = [
    defaultOAuth2Client,
    defaultOAuth2PublicClient,
    { clientId: "tls", certificate: "made-up" },
    { clientId: "keys", jwks: { keys: [{}] } },
  ];
  const { fetch, tokens } = start({ approval: "person", clients });
  await fc.assert(
    fc.asyncProperty(request, async ({ path, method, parameters, headers }) => {
      const query = new URLSearchParams([...parameters, ["login_hint", "<script>"]]);
      const answer =
        method === "GET"
          ? await fetch(`${origin}${path}?${query}`, { headers })
          : await fetch(origin + path, { method, headers, body: new URLSearchParams(parameters) });
      expect(answer.status).toBeLessThan(500);
      expect(await answer.text()).not.toContain("<script");
    }),
    { numRuns: 500 },
  );
  expect(await tokens(asUser)).toHaveProperty("access_token");
});
