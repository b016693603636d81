import { createAuth, isAuthError } from "@keyturn/core";
import { authorizationCode, browserLogin } from "@keyturn/oauth2";
import { createElement, StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";

/** The logins of this page, each at a server of its own. */
export type LoginName = "a" | "b";

/** What a test may have a tab do. */
export interface MountedTwice {
  beginA(): void;
  beginB(): void;
  /** What each run of each effect came to, once all have ended. */
  outcomes(): Promise<Record<LoginName, readonly string[]>>;
  address(): string;
}

function loginAt(name: LoginName) {
  const at = (path: string) => `${location.origin}/${name}/${path}`;
  const provider = authorizationCode({ tokenEndpoint: at("token"), authorizationEndpoint: at("authorize"), clientId: `page-of-${name}` });
  const auth = createAuth(provider, { origins: [location.origin] });
  const page = browserLogin(provider);
  let entered: Promise<void> | undefined;

  async function takeUp(): Promise<string> {
    try {
      const authorized = await page.finish();
      if (!authorized) return "nobody";
      entered ??= auth.login(authorized);
      await entered;
      return `${(await auth.getToken()).accessToken}, back to ${authorized.returnTo}`;
    } catch (error) {
      return isAuthError(error) ? `${error.code}: ${error.message}` : String(error);
    }
  }
  // Not before the server says so: whoever drives this tab loses it with that.
  return { begin: () => void fetch("/leave").then(() => page.begin({ returnTo: "/orders/5?q=a%20b#top" })), takeUp };
}

const logins = { a: loginAt("a"), b: loginAt("b") };
const runs: Record<LoginName, Promise<string>[]> = { a: [], b: [] };
let begun = () => {};
/** React runs each effect twice. */
const allBegun = new Promise<void>((resolve) => {
  begun = () => {
    if (runs.a.length > 1 && runs.b.length > 1) resolve();
  };
});

/** As an application has it that knows nothing of StrictMode. */
function Login({ name }: { readonly name: LoginName }): null {
  useEffect(() => {
    runs[name].push(logins[name].takeUp());
    begun();
  }, [name]);
  return null;
}

const container = document.body.appendChild(document.createElement("main"));
createRoot(container).render(createElement(StrictMode, null, createElement(Login, { name: "a" }), createElement(Login, { name: "b" })));

const offer: MountedTwice = {
  beginA: logins.a.begin,
  beginB: logins.b.begin,
  async outcomes() {
    await allBegun;
    return { a: await Promise.all(runs.a), b: await Promise.all(runs.b) };
  },
  address: () => location.href,
};
Object.assign(globalThis, { tab: offer });
