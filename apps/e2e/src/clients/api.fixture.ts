import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthProvider } from "@keyturn/core";
import { onTestFinished } from "vitest";

/** A request as it came over the wire. */
export interface Arrived {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly contentLength: string | undefined;
  readonly body: string;
  readonly status: number;
}

/** An answer; what `rest` resolves with comes after the body. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly rest?: Promise<string>;
}

/** An API on this machine with the provider of its tokens: token-1, token-2 and so on. Closed when the test ends. */
export interface Api {
  readonly url: string;
  readonly provider: AuthProvider;
  readonly arrived: readonly Arrived[];
  /** How often a token was asked for. */
  readonly grants: number;
  /** Tokens issued so far get a 401 from now on. */
  refuseTokens(): void;
  /** Whoever asks for a token from now on gets this error, until it is undefined again. */
  failGrants(error: Error | undefined): void;
  /** Whoever asks for a token from now on waits for `release`. */
  holdGrants(): { readonly asked: Promise<void>; readonly release: () => void };
}

const statusAsJson = (status: number): Reply => ({ status, body: JSON.stringify({ status }) });

/** `answer` says what a request with a live token gets; a number is a status, with JSON that says so. */
export async function startApi(answer: (request: IncomingMessage) => Reply | number = () => 200): Promise<Api> {
  const arrived: Arrived[] = [];
  let [grants, refused] = [0, 0];
  let failure: Error | undefined;
  let gate: { readonly asked: () => void; readonly opened: Promise<void> } | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", headers } = request;
    const number = Number(/^Bearer token-(\d+)$/.exec(headers.authorization ?? "")?.[1] ?? 0);
    const given = number > refused ? answer(request) : 401;
    const reply = typeof given === "number" ? statusAsJson(given) : given;
    arrived.push({
      ...{ method, status: reply.status, authorization: headers.authorization },
      ...{ contentType: headers["content-type"], contentLength: headers["content-length"] },
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    if (reply.rest) response.write(reply.body);
    response.end(reply.rest ? await reply.rest : reply.body);
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // no pipe: it listens on a port

  return {
    url,
    arrived,
    provider: {
      name: "api",
      origins: [url],
      async login(_, { now }) {
        const accessToken = `token-${++grants}`;
        gate?.asked();
        await gate?.opened;
        if (failure) throw failure;
        return { accessToken, receivedAt: now() };
      },
    },
    get grants() {
      return grants;
    },
    refuseTokens() {
      refused = grants;
    },
    failGrants(error) {
      failure = error;
    },
    holdGrants() {
      let [tell, open] = [() => {}, () => {}];
      const asked = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { asked: tell, opened };
      return { asked, release: open };
    },
  };
}
