import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on a free port of this machine. */
export interface Server {
  readonly origin: string;
  readonly host: string;
  close(): Promise<void>;
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer((request, response) => {
    response.on("error", () => {}); // clients that go away are part of the attack
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // no pipe: it listens on a port
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The body of a request, as far as it came. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  try {
    for await (const chunk of request) body += chunk;
  } catch {
    // The client went away.
  }
  return body;
}

/** Does it with servers, and closes them whatever comes of it. */
export async function withServers(answers: readonly RequestListener[], work: (...servers: Server[]) => Promise<void>): Promise<void> {
  const servers = await Promise.all(answers.map(listen));
  try {
    await work(...servers);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}
