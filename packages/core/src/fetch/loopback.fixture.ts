import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Issuer } from "../test-kit.ts";

/** A request as it came over the wire. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, nothing merged. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A real HTTP server on this machine. Closed when the test ends. */
export interface Loopback {
  readonly origin: string;
  readonly arrived: readonly Arrived[];
  /** How many connections were opened so far. */
  readonly connections: number;
}

export type Answer = (request: Arrived, response: ServerResponse) => void;

/** Serves `answer` once the whole request has arrived. */
export async function loopback(answer: Answer): Promise<Loopback> {
  const arrived: Arrived[] = [];
  let connections = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers, rawHeaders } = request;
    const body = await bodyOf(request);
    if (!body) return;
    const whole = { method, path, headers, rawHeaders, body };
    arrived.push(whole);
    answer(whole, response);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo; // no pipe: it listens on a port
  return {
    origin: `http://127.0.0.1:${port}`,
    arrived,
    get connections() {
      return connections;
    },
  };
}

/** The API of an issuer over the wire: `answer` for a live token, else `refuse`. */
export function apiOf(issuer: Issuer, answer: Answer = welcome, refuse: Answer = unauthorized): Promise<Loopback> {
  return loopback((request, response) => {
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    (issuer.isLive(token) ? answer : refuse)(request, response);
  });
}

function welcome(_: Arrived, response: ServerResponse): void {
  response.end("welcome");
}

function unauthorized(_: Arrived, response: ServerResponse): void {
  response.writeHead(401).end("unauthorized");
}

/** Nothing if the client went away before the end. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}
