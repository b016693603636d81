import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { createXSignalsEmulator, type XSignalsControl } from "@keyturn/emulators";
import { type BuiltPage, buildPage } from "../../../../scripts/build-page.ts";
import { shiftedClock } from "../../../../scripts/shifted-clock.ts";
import { users } from "./page/users.ts";

/** Of access tokens, in ms. */
export const lifetime = 3_600_000;

/** An origin of its own: a page, and an API with strict rotation, where a refresh token that comes twice ends the session. */
export interface Site {
  readonly url: string;
  readonly control: XSignalsControl;
  /** How far time has been moved on, in ms. */
  readonly shift: number;
  /** Time goes on for the server. */
  advance(ms: number): void;
  /** Has the tab that is ready to stand still. */
  freeze(): Promise<void>;
  /** Lets it go on. */
  thaw(): void;
  close(): Promise<void>;
}

let built: Promise<BuiltPage> | undefined;

/** Starts one on a free port of this machine. */
export async function openSite(): Promise<Site> {
  built ??= buildPage(fileURLToPath(new URL("page", import.meta.url)));
  const files = await built;
  const clock = shiftedClock();
  const emulator = createXSignalsEmulator({
    clock,
    users: Object.values(users),
    accessTokenLifetime: lifetime,
    rotation: "rotate-and-revoke-family",
  });
  const [freezing, frozen] = [createGate(), createGate()];
  let shift = 0;

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    if (file) return new Response(file.content, { headers: { "content-type": file.type } });
    const gate = { "/freeze": freezing, "/thaw": frozen }[pathname];
    if (!gate) return emulator.fetch(request);
    await gate.pass();
    return new Response();
  }

  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 }, () => resolve(starting));
  });
  const { port } = server.address() as { readonly port: number }; // no pipe: it listens on a port
  return {
    // A host of its own: to a browser all origins of one host are one site, with one process for the workers of all.
    url: `http://site-${port}.localhost:${port}`,
    control: emulator.control,
    get shift() {
      return shift;
    },
    advance(ms) {
      shift += ms;
      clock.advance(ms);
    },
    async freeze() {
      await freezing.arrived;
      freezing.open();
      await frozen.arrived;
    },
    thaw: frozen.open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** Where somebody waits until it is opened. */
function createGate() {
  let [arrive, open] = [() => {}, () => {}];
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const pass = (): Promise<void> => {
    arrive();
    return opened;
  };
  return { arrived, pass, open };
}
