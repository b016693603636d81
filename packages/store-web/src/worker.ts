/** A session that a SharedWorker owns: `@keyturn/store-web/worker`. */
export { type ConnectOptions, connectAuth } from "./connect-auth.ts";
export { type ServeOptions, serveAuth } from "./serve-auth.ts";
export type { ConnectedWorker } from "./worker-link.ts";
