import { Hono } from "hono";
import type { Counts } from "./page/counters.ts";
import type { Control } from "./systems/emulation.ts";
import type { Settings } from "./systems/system.ts";

/** An emulator that is running, and how to meet it. */
export interface Running {
  readonly control: Control;
  readonly settings: Settings;
  /** Hands out tokens of the server's own session. Absent: the page logs in by itself. */
  readonly broker?: (request: Request) => Promise<Response>;
}

/** The page's way to what only the server's side can know or do. Not a part of the emulators, which have no such routes. */
export function createControl(running: ReadonlyMap<string, Running>): Hono {
  const app = new Hono();

  app.get("/settings", (context) => context.json(Object.fromEntries([...running].map(([name, { settings }]) => [name, settings]))));

  app.get("/:system/counts", (context) => {
    const system = running.get(context.req.param("system"));
    return system ? context.json(countsOf(system.control)) : context.notFound();
  });

  app.post("/:system/expire", (context) => {
    const system = running.get(context.req.param("system"));
    system?.control.expireAccess();
    return system ? context.body(null, 204) : context.notFound();
  });

  return app;
}

function countsOf(control: Control): Counts {
  const isFailure = (status: number | string) => status === "network" || (typeof status === "number" && status >= 400 && status !== 401);
  return {
    calls: control.count("api"),
    logins: control.count("login"),
    refreshes: control.count("refresh"),
    unauthorized: control.count("api", 401),
    failures: control.calls.filter(({ op, status }) => op === "api" && isFailure(status)).length,
  };
}
