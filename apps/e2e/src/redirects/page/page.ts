import { createAuth, isAuthError } from "@keyturn/core";
import { authorizationCode, browserLogin, discover, userInfo } from "@keyturn/oauth2";
import { webStore } from "@keyturn/store-web";

/** What a test may have a tab do. */
export interface TabOffer {
  /** Leaves for the server's page as soon as the site says so: whoever drives this tab loses it with that. */
  begin(): Promise<void>;
  /** Who the server says it is, or a code. */
  whoAmI(): Promise<string>;
  /** The access token, or a code. */
  token(): Promise<string>;
  renew(): Promise<string>;
  logout(): Promise<string>;
  state(): Promise<string>;
  /** How many logins this tab could still take up. */
  remembered(): number;
  address(): string;
}

async function start() {
  const server = discover(await (await fetch("/server")).text());
  const provider = authorizationCode({ server, clientId: "client-none", scope: "openid offline_access" });
  const auth = createAuth(provider, { origins: [server.issuer], store: webStore("session") });
  return { server, auth, page: browserLogin(provider) };
}
const started = start(); // what this page offers is there at once, whatever it waits for

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    return String((await work) ?? "done");
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}

async function takeUp(): Promise<string | undefined> {
  const { auth, page } = await started;
  const authorized = await page.finish();
  if (!authorized) return undefined;
  await auth.login(authorized);
  return "logged in";
}

const offer: TabOffer = {
  async begin() {
    const { page } = await started;
    void fetch("/leave").then(() => page.begin({ prompt: "consent" }));
  },
  whoAmI: () => outcomeOf(started.then(async ({ auth, server }) => (await userInfo(auth, server)).sub)),
  token: () => outcomeOf(started.then(async ({ auth }) => (await auth.getToken()).accessToken)),
  renew: () => outcomeOf(started.then(async ({ auth }) => (await auth.getToken({ renew: true })).accessToken)),
  logout: () => outcomeOf(started.then(({ auth }) => auth.logout())),
  state: async () => (await started).auth.status.state,
  remembered: () => JSON.stringify(Object.entries(sessionStorage)).split("codeVerifier").length - 1,
  address: () => location.href,
};

Object.assign(globalThis, { tab: offer });
const isBack = new URLSearchParams(location.search).has("state");
const outcome = await outcomeOf(takeUp());
if (isBack) await fetch("/back", { method: "POST", body: outcome });
