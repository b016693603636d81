import { fileURLToPath } from "node:url";
import { serve as listen } from "@hono/node-server";
import { Hono } from "hono";
import { type BuiltPage, buildPage } from "../../../scripts/build-page.ts";
import { createBroker } from "./broker.ts";
import { createControl, type Running } from "./control.ts";
import { brokerSettings } from "./systems/brokered.ts";
import type { Emulation } from "./systems/emulation.ts";
import type { Settings, System } from "./systems/system.ts";

/** The page, and the emulators it talks to. */
export interface Serving {
  readonly url: string;
  /** Ends all servers, so that nothing keeps the process alive. */
  close(): Promise<void>;
}

/** Serves the page on a free port of this machine, and starts an emulator for each system, which lets that page call. */
export async function servePage(emulations: readonly Emulation[], lifetime: number): Promise<Serving> {
  const running = new Map<string, Running>();
  const page = pageApp(await buildPage(fileURLToPath(new URL("page", import.meta.url)), ["index.html", "tabs.html", "tab.html"]), running);
  const { port, close } = await listening(page);
  const url = `http://127.0.0.1:${port}/`;
  const origins = [url, `http://localhost:${port}`].map((address) => new URL(address).origin);

  const servers = await Promise.all(
    emulations.map(async ({ system, start }) => {
      const { emulator, settings } = start({ lifetime, origins });
      const server = await emulator.listen();
      const own = settings(server.url);
      running.set(system.name, { control: emulator.control, ...(system.brokered ? await brokered(system, own) : { settings: own }) });
      return server;
    }),
  );
  return { url, close: async () => void (await Promise.all([close(), ...servers.map((server) => server.close())])) };
}

/** The demo's server has the session, and the page is told where to ask for its token. */
async function brokered(system: System, settings: Settings): Promise<Pick<Running, "settings" | "broker">> {
  const connection = await system.connect(settings);
  return { settings: brokerSettings(`/broker/${system.name}`, connection), broker: createBroker(connection.auth) };
}

function pageApp(files: BuiltPage, running: ReadonlyMap<string, Running>): Hono {
  const app = new Hono();
  app.route("/control", createControl(running));
  app.post("/broker/:system", ({ req, notFound }) => running.get(req.param("system"))?.broker?.(req.raw) ?? notFound());
  app.get("*", ({ req, body, notFound }) => {
    const file = files.get(req.path === "/" ? "/index.html" : req.path);
    return file ? body(file.content, 200, { "content-type": file.type }) : notFound();
  });
  return app;
}

function listening(app: Hono): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          // A page keeps connections open in case it needs them again.
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
      resolve({ port, close });
    });
    server.once("error", reject);
  });
}
