import type * as Http from "node:http";
import type * as Adapter from "@hono/node-server";
import { NetworkFault } from "./faults.ts";

/** Where to listen. Default: a free port of the loopback interface. */
export interface ListenOptions {
  readonly port?: number;
  readonly host?: string;
}

/** A listening server. */
export interface Listening {
  /** Its origin, without a trailing slash. */
  readonly url: string;
  /** Stops listening and ends every connection, so that no handle stays open. */
  close(): Promise<void>;
}

// Names in variables: a bundler for browsers looks for no module, and has nothing to warn about.
const [nodeHttp, nodeServer]: readonly [string, string] = ["node:http", "@hono/node-server"];

async function loadServer() {
  const modules = [
    import(/* @vite-ignore */ /* webpackIgnore: true */ nodeHttp),
    import(/* @vite-ignore */ /* webpackIgnore: true */ nodeServer),
  ];
  const [http, adapter] = await Promise.all(modules);
  // What has just been loaded by these names.
  return { ...(http as Pick<typeof Http, "createServer">), ...(adapter as Pick<typeof Adapter, "getRequestListener">) };
}

/** Serves requests over HTTP. Node's modules are loaded when it is called, so that the rest runs in a browser too. */
export async function listen(handle: (request: Request) => Promise<Response>, options: ListenOptions = {}): Promise<Listening> {
  const { port = 0, host = "127.0.0.1" } = options;
  const { createServer, getRequestListener } = await loadServer();

  const listener = getRequestListener(
    async (request, { incoming }) => {
      try {
        return await handle(request);
      } catch (error) {
        if (!(error instanceof NetworkFault)) throw error;
        incoming.socket.destroy();
        // The adapter's own sign that nothing is left to write.
        return new Response(null, { headers: { "x-hono-already-sent": "true" } });
      }
    },
    { overrideGlobalObjects: false },
  );
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
