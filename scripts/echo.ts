// An API for tests that run elsewhere, in a page or another runtime: it says what arrived.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";

const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type, x-api-key",
  "access-control-allow-methods": "*",
};

/**
 * Answers with everything that arrived under the same `id` so far, as JSON. In the query: `status`; `refuse`, a token that
 * gets a 401; `redirect`, where to send everybody, by `status` if it is a redirection; `hang`, for no answer at all; `first`,
 * for an answer of this text, which goes on with the rest only when the next request arrives under the same `id`.
 */
export function createEcho(): (request: IncomingMessage, response: ServerResponse) => void {
  const arrived = new Map<string, unknown[]>();
  const unfinished = new Map<string, ServerResponse>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url = "" } = request;
    if (method === "OPTIONS") return void response.writeHead(204, crossOrigin).end();
    const query = new URL(url, "http://localhost").searchParams;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const id = query.get("id") ?? "";
    const soFar = [...(arrived.get(id) ?? []), { method, headers, body: Buffer.concat(chunks).toString("latin1") }];
    arrived.set(id, soFar);
    const text = JSON.stringify(soFar);
    unfinished.get(id)?.end(text);
    if (query.has("hang")) return;
    const [redirect, refuse, first, status] = [
      query.get("redirect"),
      query.get("refuse"),
      query.get("first"),
      Number(query.get("status") ?? 200),
    ];
    if (redirect) return void response.writeHead(status === 200 ? 307 : status, { ...crossOrigin, location: redirect }).end();
    const refused = refuse !== null && headers.authorization === `Bearer ${refuse}`;
    response.writeHead(refused ? 401 : status, { ...crossOrigin, "content-type": "application/json" });
    if (first === null || refused) return void response.end(text);
    response.write(first);
    unfinished.set(id, response);
  }

  return (request, response) => void answer(request, response).catch(() => response.destroy());
}

/** The same under /echo of Vite's own server. */
export function echo(): Plugin {
  return { name: "echo", configureServer: ({ middlewares }) => void middlewares.use("/echo", createEcho()) };
}
