import { Auth } from '@keyturn/core';
import { AuthOptions } from '@keyturn/core';
import { AuthProvider } from '@keyturn/core';

/**
 * A page's side of the session that a SharedWorker owns by `serveAuth`, with the same provider there. The worker logs in,
 * renews and logs out; the page gets access tokens and attaches them. `connect` is called at the first use, and again
 * where the worker is gone.
 */
export declare function connectAuth<Credentials = void>(provider: AuthProvider<Credentials>, connect: () => ConnectedWorker, options?: ConnectOptions<NoInfer<Credentials>>): Auth<Credentials>;

/** What is used of a SharedWorker. */
export declare interface ConnectedWorker {
    readonly port: {
        postMessage(message: unknown): void;
        addEventListener(type: "message", listener: (event: {
            readonly data: unknown;
        }) => void): void;
        start(): void;
        close(): void;
    };
}

/** Options of a page's side of a session. What the session is, its worker decides. */
export declare type ConnectOptions<Credentials> = Omit<AuthOptions<Credentials>, "credentials" | "store">;

/**
 * Owns a session in a SharedWorker, and serves it to the pages that call `connectAuth` with the same provider. To be
 * called as the worker starts, before anything is awaited: pages that connect earlier are not seen.
 */
export declare function serveAuth<Credentials = void>(provider: AuthProvider<Credentials>, options?: ServeOptions<NoInfer<Credentials>>): Auth<Credentials>;

/** Options of a session that a worker owns. Credentials come from the pages, with `login()`. */
export declare type ServeOptions<Credentials> = Omit<AuthOptions<Credentials>, "credentials">;

export { }
