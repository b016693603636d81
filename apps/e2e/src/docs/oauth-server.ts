import type { Fetch } from "@keyturn/emulators";

const accessToken = "example-access-token";

/** The least that is an OAuth 2 server: metadata, client credentials over Basic, and an API that takes the token. */
export function createOAuthServer(client: { readonly id: string; readonly secret: string }): { readonly fetch: Fetch } {
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const authorization = request.headers.get("authorization");
      const { origin, pathname } = new URL(request.url);
      if (pathname === "/.well-known/openid-configuration")
        return Response.json({ issuer: origin, token_endpoint: `${origin}/oauth/token` });
      if (pathname !== "/oauth/token") {
        return new Response("{}", { status: authorization === `Bearer ${accessToken}` ? 200 : 401 });
      }
      const grantType = new URLSearchParams(await request.text()).get("grant_type");
      const isClient = pairOf(authorization).join(":") === `${client.id}:${client.secret}`;
      if (!isClient || grantType !== "client_credentials") return Response.json({ error: "invalid_client" }, { status: 401 });
      return Response.json({ access_token: accessToken, token_type: "Bearer", expires_in: 3600 });
    },
  };
}

/** Id and secret, each form-encoded (RFC 6749, section 2.3.1). */
function pairOf(authorization: string | null): readonly (string | null)[] {
  const pair = atob(authorization?.replace("Basic ", "") ?? "").split(":");
  return pair.map((part) => new URLSearchParams(`part=${part}`).get("part"));
}
