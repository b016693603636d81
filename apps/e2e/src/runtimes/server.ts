import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { createEcho } from "../../../../scripts/echo.ts";
import { bundle } from "./bundle.ts";
import type { Addresses } from "./suite/api.ts";

export interface SuiteServer extends Addresses {
  close(): void;
}

/** The API of the suite at two origins. The first also has the bundle, and a page to run it in. */
export async function serveSuite(): Promise<SuiteServer> {
  const echo = createEcho();
  const servers = [createServer((request, response) => void servePage(request, response, echo)), createServer(echo)];
  const [api = "", elsewhere = ""] = await Promise.all(servers.map(listen));
  return {
    ...{ api, elsewhere },
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function servePage(request: IncomingMessage, response: ServerResponse, echo: ReturnType<typeof createEcho>): Promise<void> {
  const { url = "" } = request;
  if (url.startsWith("/echo")) return echo(request, response);
  if (!url.endsWith(".js")) return void response.setHeader("content-type", "text/html").end("<!doctype html><title>keyturn</title>");
  const code = await readFile(join(bundle, basename(url))).catch(() => undefined);
  response.writeHead(code ? 200 : 404, { "content-type": "text/javascript" }).end(code);
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // no pipe: it listens on a port
}
