import { CredentialsRejectedError, createAuth } from "@keyturn/core";
import { grantContext } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { clientCredentials, discover, type TokenExchangeOptions, tokenExchange } from "./index.ts";

const api = "https://api.example.com/";
const options = { tokenEndpoint: "https://login.example.com/token", clientId: "gateway" };

/** A server that knows which tokens of the wide session are alive, and says of others what the standard has it say. */
function start({ error = "invalid_request", more = {} }: { readonly error?: string; readonly more?: Partial<TokenExchangeOptions> } = {}) {
  const forms: Record<string, string>[] = [];
  const dead = new Set<string>();
  let logins = 0;
  const fetch = async (_input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const form = Object.fromEntries(new URLSearchParams(String(init?.body)));
    if (form.grant_type === "client_credentials") return Response.json({ access_token: `wide-${++logins}`, expires_in: 60 });
    forms.push(form);
    if (dead.has(form.subject_token ?? "")) return Response.json({ error }, { status: 400 });
    return Response.json({
      access_token: `narrow-${forms.length}`,
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 60,
    });
  };
  const wide = createAuth(clientCredentials({ ...options, clientSecret: "made-up" }), { origins: [api], fetch });
  const narrow = createAuth(tokenExchange({ ...options, subject: wide, ...more }), { origins: [api], fetch });
  return { wide, narrow, forms, dead, logins: () => logins };
}
const rejection = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const subjects = (forms: readonly Record<string, string>[]) => forms.map(({ subject_token }) => subject_token);

describe("a token exchange", () => {
  it("gives the other session's token, and says of which type it is (RFC 8693, section 2.1)", async () => {
    const actorTokenType = "urn:ietf:params:oauth:token-type:jwt";
    const { narrow, forms } = start({
      more: { actor: () => "robot", actorTokenType, scope: "read", audience: "reports", resource: "urn:a" },
    });
    expect(await narrow.getToken()).toMatchObject({ accessToken: "narrow-1" });
    expect(forms).toEqual([
      {
        ...{ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", client_id: "gateway" },
        ...{ scope: "read", audience: "reports", resource: "urn:a" },
        ...{ subject_token: "wide-1", subject_token_type: "urn:ietf:params:oauth:token-type:access_token" },
        ...{ actor_token: "robot", actor_token_type: actorTokenType },
      },
    ]);
  });

  it.each(["invalid_request", "invalid_grant"])(
    "whose subject was revoked (%s) is made with a new one, of which the other session knows then too",
    async (error) => {
      const { wide, narrow, forms, dead, logins } = start({ error });
      await wide.getToken();
      dead.add("wide-1");
      expect(await narrow.getToken()).toMatchObject({ accessToken: "narrow-2" });
      expect(subjects(forms)).toEqual(["wide-1", "wide-2"]);
      expect([logins(), (await wide.getToken()).accessToken]).toEqual([2, "wide-2"]);
    },
  );

  it("that is refused with a new one too ends there, and is not tried again by itself", async () => {
    const { narrow, forms, dead, logins } = start();
    for (const token of ["wide-1", "wide-2", "wide-3"]) dead.add(token);
    expect(await rejection(narrow.getToken())).toBeInstanceOf(CredentialsRejectedError);
    expect(await rejection(narrow.getToken())).toBeInstanceOf(CredentialsRejectedError);
    expect([subjects(forms), logins()]).toEqual([["wide-1", "wide-2"], 2]);
    dead.clear();
    await narrow.login();
    expect(await narrow.getToken()).toMatchObject({ accessToken: "narrow-3" });
  });

  it("that is refused for another reason costs the other session nothing", async () => {
    const { narrow, forms, dead, logins } = start({ error: "invalid_target" });
    dead.add("wide-1");
    expect(await rejection(narrow.getToken())).toMatchObject({ code: "misconfigured" });
    expect([forms.length, logins()]).toEqual([1, 1]);
  });

  it("that brought a refresh token is renewed by that, where invalid_request has its usual meaning", async () => {
    const provider = tokenExchange({ ...options, subject: () => "given" });
    const context = grantContext({
      now: () => Date.now(),
      fetch: async () => Response.json({ error: "invalid_request" }, { status: 400 }),
    });
    expect(
      await rejection(Promise.resolve(provider.refresh?.({ accessToken: "at", refreshToken: "rt", receivedAt: 0 }, context))),
    ).toMatchObject({
      code: "misconfigured",
    });
  });

  it("of a token that a function makes is made once", async () => {
    const { narrow, forms, dead } = start({ more: { subject: () => "given" } });
    dead.add("given");
    expect(await rejection(narrow.getToken())).toBeInstanceOf(CredentialsRejectedError);
    expect(forms).toHaveLength(1);
  });

  it("needs a session that has a token: the other one's failure is its own", async () => {
    const { wide, narrow, forms } = start();
    await wide.logout();
    expect(await rejection(narrow.getToken())).toMatchObject({ code: "logged-out" });
    expect(forms).toEqual([]);
  });

  it("finds its server out like every other", async () => {
    const { narrow } = start({ more: { tokenEndpoint: undefined, server: discover("https://login.example.com") } });
    expect(await rejection(narrow.getToken())).toMatchObject({ code: "misconfigured" }); // this one publishes nothing
  });
});
