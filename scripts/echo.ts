// An API for tests that run in a page: Vite's own server answers them under /echo.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";

const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type, x-api-key",
  "access-control-allow-methods": "*",
};

/**
 * Answers with everything that arrived under the same `id` so far, as JSON. In the query: `status`; `refuse`, a token that
 * gets a 401; `redirect`, where to send everybody.
 */
export function echo(): Plugin {
  const arrived = new Map<string, unknown[]>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url = "" } = request;
    if (method === "OPTIONS") return void response.writeHead(204, crossOrigin).end();
    const query = new URL(url, "http://localhost").searchParams;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const soFar = [...(arrived.get(query.get("id") ?? "") ?? []), { method, headers, body: Buffer.concat(chunks).toString("latin1") }];
    arrived.set(query.get("id") ?? "", soFar);
    const [redirect, refuse] = [query.get("redirect"), query.get("refuse")];
    if (redirect) return void response.writeHead(307, { ...crossOrigin, location: redirect }).end();
    const refused = refuse !== null && headers.authorization === `Bearer ${refuse}`;
    response
      .writeHead(refused ? 401 : Number(query.get("status") ?? 200), { ...crossOrigin, "content-type": "application/json" })
      .end(JSON.stringify(soFar));
  }

  return {
    name: "echo",
    configureServer: ({ middlewares }) => void middlewares.use("/echo", (request, response) => void answer(request, response)),
  };
}
