import type { Auth, AuthOptions, AuthProvider } from "@keyturn/core";
import { keepProcess } from "./keep-process.ts";
import { createSessionServer } from "./session-server.ts";

/** Options of a session that a worker owns. Credentials come from the pages, with `login()`. */
export type ServeOptions<Credentials> = Omit<AuthOptions<Credentials>, "credentials">;

/**
 * Owns a session in a SharedWorker, and serves it to the pages that call `connectAuth` with the same provider. To be
 * called as the worker starts, before anything is awaited: pages that connect earlier are not seen.
 */
export function serveAuth<Credentials = void>(
  provider: AuthProvider<Credentials>,
  options: ServeOptions<NoInfer<Credentials>> = {},
): Auth<Credentials> {
  if (!("onconnect" in globalThis)) throw new TypeError("serveAuth() is for a SharedWorker; a page calls connectAuth()");
  if ("credentials" in options) throw new TypeError('serveAuth(): unknown option "credentials"; a page gives them to login()');
  const { auth, connect } = createSessionServer<Credentials>(provider, options);
  globalThis.addEventListener("connect", (event) => {
    const [page] = (event as MessageEvent).ports; // what a SharedWorker's connect event is
    if (page) connect(page);
  });
  keepProcess().catch(() => {}); // it is refused, and where it is not possible the worker does without
  return auth;
}
