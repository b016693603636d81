/** For command-line tools: `@keyturn/oauth2/loopback`. Needs Node, Deno or Bun. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AuthError, callback, checkOptions, LoginRequiredError, optional } from "@keyturn/core/provider";
import type { AuthorizationCodeProvider, Authorized, PendingAuthorization } from "./authorization-code.ts";
import { checkBeginParameters } from "./begin-parameters.ts";
import type { GrantParameters } from "./oauth2.ts";

/** Options of `loopbackLogin`. */
export interface LoopbackLoginOptions {
  /** Gets the person to this address: opens a browser, or prints it. If it gives a promise, that may last as long as the browser does. */
  readonly open: (url: string) => void | Promise<void>;
  /** The port that is registered with the server. Default 0: a free one, which servers must allow on loopback (RFC 8252, section 7.3). */
  readonly port?: number | undefined;
  /** Default "/callback". */
  readonly path?: string | undefined;
  /** How long the person may take, in ms; Infinity is for ever. Default 5 minutes. */
  readonly timeout?: number | undefined;
  /** Added to the address: `prompt`, `login_hint` … */
  readonly parameters?: GrantParameters | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const fiveMinutes = 300_000;
/** Timers take no more. */
const longest = 2 ** 31 - 1;
const duration = (value: unknown) => (typeof value === "number" && value >= 0 ? undefined : "a number of ms, 0 or more");
const portNumber = (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 65_536 ? undefined : "a port number, or 0 for a free one";
const path = (value: unknown) =>
  typeof value === "string" && value.startsWith("/") && new URL(`http://127.0.0.1${value}`).pathname === value
    ? undefined
    : 'a path such as "/callback"';
const signal = (value: unknown) => (value instanceof AbortSignal ? undefined : "an AbortSignal");

/**
 * Logs a person in through a browser on this machine: a server on loopback takes the callback and is gone with it.
 * What it yields goes to `auth.login(…)`. Rejects with a LoginRequiredError if the person does not come back in time, with a
 * "misconfigured" error if the port cannot be had, with the signal's reason if it is aborted.
 */
export async function loopbackLogin(provider: AuthorizationCodeProvider, options: LoopbackLoginOptions): Promise<Authorized> {
  checkOptions("loopbackLogin()", options, {
    ...{ open: callback, port: optional(portNumber), path: optional(path), timeout: optional(duration) },
    ...{ parameters: () => undefined, signal: optional(signal) },
  });
  checkBeginParameters("loopbackLogin()", options.parameters ?? {});
  options.signal?.throwIfAborted();
  const returned = await comeBack(provider, options);
  return provider.finish(returned.callback, returned.pending);
}

interface Returned {
  readonly callback: string;
  readonly pending: PendingAuthorization;
}

/** Listens until the person is back, the time is over or the caller gives up; however that ends, nothing is left. */
async function comeBack(provider: AuthorizationCodeProvider, options: LoopbackLoginOptions): Promise<Returned> {
  const { open, port = 0, path: at = "/callback", timeout = fiveMinutes, parameters, signal } = options;
  const server = createServer();
  const over = new AbortController(); // takes the listeners off the signals
  const ended = new Promise<never>((_, fail) => {
    const when = (ends: AbortSignal, reason: () => unknown) =>
      ends.addEventListener("abort", () => fail(reason()), { signal: over.signal });
    if (signal) when(signal, () => signal.reason);
    if (timeout <= longest)
      when(
        AbortSignal.timeout(Math.ceil(timeout)),
        () => new LoginRequiredError(`${provider.name}: nobody came back within ${timeout} ms`),
      );
  });
  ended.catch(() => {}); // it may be before anybody waits
  try {
    const address = await Promise.race([ended, listening(server, port)]);
    const redirectUri = `http://127.0.0.1:${address.port}${at}`;
    const { url, pending } = await Promise.race([ended, provider.begin(redirectUri, parameters)]);
    const answered = answer(server, redirectUri, at, pending.state);
    const opened = Promise.resolve(url).then(open);
    return { callback: await Promise.race([ended, answered, opened.then(() => answered)]), pending };
  } finally {
    over.abort();
    server.close();
    server.closeAllConnections();
  }
}

function listening(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((settle, fail) => {
    // Later errors, such as too many open files, cost a stranger's connection and nothing else.
    server.on("error", (cause: NodeJS.ErrnoException) => {
      fail(new AuthError("misconfigured", `loopbackLogin(): port ${port} of 127.0.0.1 cannot be had (${cause.code})`, { cause }));
    });
    server.listen(port, "127.0.0.1", () => settle(server.address() as AddressInfo)); // it listens on a port, not on a pipe
  });
}

/** The callback of this login. Anybody on this machine, and any page in its browser, can ask for something else: they get a 404. */
function answer(server: Server, redirectUri: string, path: string, state: string): Promise<string> {
  return new Promise((settle) => {
    server.on("request", ({ method, url = "" }, response) => {
      const query = url.startsWith(`${path}?`) ? url.slice(path.length) : ""; // not parsed as a URL: "//" is none
      const ours = method === "GET" && new URLSearchParams(query).get("state") === state;
      if (ours) response.once("close", () => settle(redirectUri + query)); // also if the browser is gone by then
      response.writeHead(ours ? 200 : 404, {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        connection: "close",
      });
      response.end(ours ? "You are back. This window can be closed.\n" : "There is nothing here.\n");
    });
  });
}
