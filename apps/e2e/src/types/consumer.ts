// What a user writes, as the compiler sees it: here against the sources, in `npm run check:types` against the published
// declarations under every TypeScript from 5.4 on. Never run.
import { auth0 } from "@keyturn/auth0";
import { cognito } from "@keyturn/cognito";
import { type Auth, type AuthProvider, createAuth, memoryStore, staticToken, type TokenSet } from "@keyturn/core";
import { tokenRequest, tokenSet } from "@keyturn/core/provider";
import { finapiClient, finapiUser } from "@keyturn/finapi";
import { clientCredentials, password } from "@keyturn/oauth2";
import { oloid } from "@keyturn/oloid";
import { platformIo } from "@keyturn/platform-io";
import { xfa } from "@keyturn/xfa";
import { xsignals } from "@keyturn/xsignals";

const user = { username: "ada", password: "Correct-Horse-9!" };
const client = { clientId: "client", clientSecret: "Client-Secret-1" };
const tokenEndpoint = "https://auth.example.com/token";
const baseUrl = "https://api.example.com";

/** A provider that takes no credentials. */
export function withoutCredentials(): readonly Auth[] {
  // @ts-expect-error: there is nothing to log in with
  createAuth(staticToken("token"), { credentials: user });
  // @ts-expect-error: nor from a function
  createAuth(staticToken("token"), { credentials: () => user });
  // @ts-expect-error: nor from one that takes its time
  createAuth(staticToken("token"), { credentials: async () => user });
  // @ts-expect-error: nor at a login
  void createAuth(staticToken("token")).login(user);
  void createAuth(staticToken("token")).login();
  return [
    createAuth(staticToken("token"), { store: memoryStore() }),
    createAuth(clientCredentials({ ...client, tokenEndpoint })),
    createAuth(finapiClient({ ...client, environment: "sandbox" })),
  ];
}

/** Providers that take a user name and a password. */
export function withPassword(): readonly Auth<typeof user>[] {
  // @ts-expect-error: the password is missing
  createAuth(xfa({ baseUrl }), { credentials: { username: "ada" } });
  // @ts-expect-error: the password is missing
  createAuth(xfa({ baseUrl }), { credentials: () => ({ username: "ada" }) });
  // @ts-expect-error: there is no such member
  createAuth(xsignals(), { credentials: { ...user, tenantName: "acme" } });
  // @ts-expect-error: the password is missing
  void createAuth(xsignals()).login({ username: "ada" });
  return [
    createAuth(auth0({ ...client, domain: "acme.eu.auth0.com" }), { credentials: user }),
    createAuth(cognito({ region: "eu-west-1", clientId: "client" }), { credentials: () => user }),
    createAuth(finapiUser({ ...client, environment: "live" }), { credentials: async () => user }),
    createAuth(password({ ...client, tokenEndpoint })),
    createAuth(platformIo({ platformId: "acme", environment: "staging" }), { credentials: user }),
    createAuth(xfa({ baseUrl }), { credentials: user }),
    createAuth(xsignals(), { credentials: user }),
  ];
}

/** A provider with a shape of its own. */
export function withTenant(): void {
  createAuth(oloid({ baseUrl }), { credentials: { ...user, tenantName: "acme" } });
  // @ts-expect-error: the tenant is missing
  createAuth(oloid({ baseUrl }), { credentials: user });
}

/** A provider of the user's own, and a wrapper that knows nothing of its credentials. */
export function written<Credentials>(provider: AuthProvider<Credentials>, credentials: Credentials): Auth<Credentials> {
  const own: AuthProvider<{ readonly key: string }> = {
    name: "own",
    origins: [baseUrl],
    credentials: ["key"],
    async login({ key }, context) {
      const answer = await tokenRequest({ provider: "own", operation: "login", url: tokenEndpoint, body: key }, context);
      return tokenSet(answer, { accessToken: answer.body.token });
    },
  };
  createAuth(own, { credentials: { key: "key" } });
  // @ts-expect-error: that is the shape of another
  createAuth(own, { credentials: user });
  return createAuth(provider, { credentials });
}

/** What goes out and comes back. */
export async function used(auth: Auth): Promise<TokenSet> {
  const response: Response = await auth.fetch(`${baseUrl}/things`, { method: "POST", body: "{}", keyturn: { retry: false } });
  // @ts-expect-error: there is no such option of a call
  await auth.fetch(baseUrl, { keyturn: { retry: 1 } });
  auth.subscribe((event) => event.type === "grant-failed" && (event.code satisfies string));
  return response.ok ? auth.getToken({ renew: true }) : auth.getToken();
}
