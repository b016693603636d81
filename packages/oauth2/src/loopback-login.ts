/** For command-line tools: `@keyturn/oauth2/loopback`. Needs Node, Deno or Bun. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { callback, checkOptions, LoginRequiredError, optional } from "@keyturn/core/provider";
import type { AuthorizationCodeProvider, Authorized } from "./authorization-code.ts";
import type { GrantParameters } from "./oauth2.ts";

/** Options of `loopbackLogin`. */
export interface LoopbackLoginOptions {
  /** Gets the person to this address: opens a browser, or prints it. */
  readonly open: (url: string) => void | Promise<void>;
  /** The port that is registered with the server. Default 0: a free one, which servers must allow on loopback (RFC 8252, section 7.3). */
  readonly port?: number | undefined;
  /** Default "/callback". */
  readonly path?: string | undefined;
  /** How long the person may take, in ms. Default 5 minutes. */
  readonly timeout?: number | undefined;
  /** Added to the address: `prompt`, `login_hint` … */
  readonly parameters?: GrantParameters | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const fiveMinutes = 300_000;
const number = (value: unknown) => (typeof value === "number" && value >= 0 ? undefined : "a number, 0 or more");
const path = (value: unknown) => (typeof value === "string" && value.startsWith("/") ? undefined : 'a path such as "/callback"');
const signal = (value: unknown) => (value instanceof AbortSignal ? undefined : "an AbortSignal");

/**
 * Logs a person in through a browser on this machine: a server on loopback takes the callback and is gone with it.
 * What it yields goes to `auth.login(…)`. Rejects with a LoginRequiredError if the person does not come back in time.
 */
export async function loopbackLogin(provider: AuthorizationCodeProvider, options: LoopbackLoginOptions): Promise<Authorized> {
  checkOptions("loopbackLogin()", options, {
    ...{ open: callback, port: optional(number), path: optional(path), timeout: optional(number) },
    ...{ parameters: () => undefined, signal: optional(signal) },
  });
  const { open, port = 0, path: at = "/callback", timeout = fiveMinutes, parameters } = options;
  const server = createServer();
  const address = await listening(server, port);
  const redirectUri = `http://127.0.0.1:${address.port}${at}`;
  const limit = AbortSignal.timeout(timeout);
  const end = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  try {
    const { url, pending } = await provider.begin(redirectUri, parameters);
    const answered = answer(server, redirectUri, pending.state, end, () => {
      if (!limit.aborted) throw options.signal?.reason;
      throw new LoginRequiredError(`${provider.name}: nobody came back to ${redirectUri} within ${timeout} ms`);
    });
    answered.catch(() => {}); // open() may fail first
    await open(url);
    return await provider.finish(await answered, pending);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function listening(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((settle, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => settle(server.address() as AddressInfo)); // it listens on a port, not on a pipe
  });
}

/** The callback of this login; strangers get a 404, and nothing ends by them. */
function answer(server: Server, redirectUri: string, state: string, end: AbortSignal, ended: () => never): Promise<string> {
  return new Promise((settle, fail) => {
    const stop = () => {
      try {
        ended();
      } catch (error) {
        fail(error);
      }
    };
    if (end.aborted) stop();
    end.addEventListener("abort", stop, { once: true });
    server.on("request", ({ method, url = "/" }, response) => {
      const callback = new URL(url, redirectUri);
      const ours = method === "GET" && callback.href.startsWith(`${redirectUri}?`) && callback.searchParams.get("state") === state;
      response.writeHead(ours ? 200 : 404, {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        connection: "close",
      });
      response.end(ours ? "You are back. This window can be closed.\n" : "There is nothing here.\n", () => ours && settle(callback.href));
    });
  });
}
