import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { type BuiltPage, buildPage } from "../../../../scripts/build-page.ts";
import { type OidcGrants, startOidcGrants } from "../servers/oidc-grants.fixture.ts";

/** A page whose people log in at a server of another origin. */
export interface Site {
  readonly url: string;
  readonly server: OidcGrants;
  /** The addresses at which people came back, oldest first. */
  readonly callbacks: readonly string[];
  /** Lets tabs go that are ready to leave for the server's page. */
  leave(): void;
  /** Nobody agrees at the server before so many are there; then they do one after the other, and come back. */
  together(count: number, order: "first first" | "last first"): void;
  /** Whoever comes back from now on gets an empty page, until the function is called; resolves when the first one is there. */
  intercept(): { readonly arrived: Promise<string>; stop(): void };
  /** What became of those who came back: of `count` since the last call, once these are there. */
  outcomes(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

let built: Promise<BuiltPage> | undefined;

/** Starts both on free ports of this machine. */
export async function openSite(): Promise<Site> {
  built ??= buildPage(fileURLToPath(new URL("page", import.meta.url)));
  const files = await built;
  const callbacks: string[] = [];
  const back = createCounter<string>();
  const waiting: (() => void)[] = [];
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let awaited = 0;
  let lastFirst = false;
  let intercepted: ((address: string) => void) | undefined;

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/server") return new Response(server.url);
    if (pathname === "/leave") {
      await left;
      return new Response();
    }
    if (pathname === "/back") {
      back.add(await request.text());
      return new Response();
    }
    if (pathname === "/" && searchParams.has("state")) {
      callbacks.push(request.url);
      waiting.shift()?.();
      intercepted?.(request.url);
      if (intercepted) return new Response("<title>held</title>", { headers: { "content-type": "text/html" } });
    }
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    return file ? new Response(file.content, { headers: { "content-type": file.type } }) : new Response(null, { status: 404 });
  }

  /** Whoever comes waits, with a login under way, until all are there. Then one goes on, and the next one when that one is back. */
  async function untilAgreed(): Promise<void> {
    if (awaited === 0) return;
    const agreed = new Promise<void>((agree) => (lastFirst ? waiting.unshift(agree) : waiting.push(agree)));
    if (waiting.length === awaited) {
      awaited = 0;
      waiting.shift()?.();
    }
    await agreed;
  }

  const listener = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 }, () => resolve(starting));
  });
  const { port } = listener.address() as { readonly port: number }; // no pipe: it listens on a port
  const url = `http://localhost:${port}`;
  const server = await startOidcGrants([`${url}/`], untilAgreed);

  return {
    ...{ url, server, callbacks },
    leave: () => leave(),
    together(count, order) {
      awaited = count;
      lastFirst = order === "last first";
    },
    intercept() {
      const arrived = new Promise<string>((resolve) => {
        intercepted = resolve;
      });
      return {
        arrived,
        stop() {
          intercepted = undefined;
        },
      };
    },
    outcomes: (count) => back.take(count),
    async close() {
      await server.close();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
        if ("closeAllConnections" in listener) listener.closeAllConnections();
      });
    },
  };
}

/** Things that come in, and somebody who waits for so many of them. */
function createCounter<Thing>() {
  const things: Thing[] = [];
  let check = () => {};
  return {
    add(thing: Thing) {
      things.push(thing);
      check();
    },
    take: (count: number) =>
      new Promise<readonly Thing[]>((resolve) => {
        check = () => {
          if (things.length < count) return;
          check = () => {};
          resolve(things.splice(0, count));
        };
        check();
      }),
  };
}
