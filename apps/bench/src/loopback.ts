import { serve } from "@hono/node-server";

/** A handler as a real HTTP server on a free port of this machine. */
export interface Loopback {
  readonly origin: string;
  close(): Promise<void>;
}

export function listen(handle: (request: Request) => Promise<Response>): Promise<Loopback> {
  return new Promise((settle) => {
    const server = serve({ fetch: handle, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
      settle({
        origin: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
  });
}
