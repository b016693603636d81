import { Hono } from "hono";
import type { Call } from "./call.ts";
import { readCall } from "./call.ts";
import type { CallLog } from "./call-log.ts";
import { createCallLog } from "./call-log.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { Control } from "./control.ts";
import type { Cors } from "./cors.ts";
import type { Emulator } from "./emulator.ts";
import { inProcessFetch } from "./emulator.ts";
import { createFaults, faultResponse, NetworkFault } from "./faults.ts";
import { front } from "./front.ts";
import { createGates } from "./gates.ts";
import { listen } from "./listen.ts";
import type { Random } from "./random.ts";
import { createRandom } from "./random.ts";
import type { Throttled } from "./rate-limits.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createWatch } from "./watch.ts";

/** Options every emulator takes. */
export interface KitOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Ids and codes follow from it. Default: the emulator's name; give two emulators of one vendor different ones. */
  readonly seed?: string;
}

/** What a vendor brings to the kit besides its routes. */
export interface KitSetup extends KitOptions {
  readonly name: string;
  /** The vendor's answer to a call over the limit. */
  readonly throttled: (throttled: Throttled, call: Call) => Response;
  readonly cors?: Cors;
  /** How far the server's clock is ahead by itself, in ms, beside what `control.skew` adds. Default: 0. */
  readonly clockSkew?: () => number;
  /** The vendor's answer to an unknown path. Default: 404 with an empty body. */
  readonly notFound?: () => Response;
}

/** Answers one call. */
export type Handler = (call: Call) => Response | Promise<Response>;

/** The workbench an emulator is made on. */
export interface Kit<Op extends string> {
  /** The server's time: the injected clock plus the skew. All its expiry is counted on it. */
  readonly now: () => number;
  readonly random: Random;
  /** Answers `method path` (hono's path syntax; "ALL" for every method). `op` is what log, faults, holds and limits know the call by. */
  route(method: string, path: string, op: Op | ((call: Call) => Op), handler: Handler): void;
  /** Runs at `control.reset()`. */
  onReset(restore: () => void): void;
  /** The finished emulator; `extra` is the vendor's part of its control. */
  emulator<Extra extends object>(extra: Extra): Emulator<Control<Op> & Extra>;
}

/** A workbench with clock, log, faults, holds, limits and CORS in place. */
export function createKit<Op extends string>(setup: KitSetup): Kit<Op> {
  const { name, clock = systemClock, cors, clockSkew = () => 0, notFound = () => new Response(null, { status: 404 }) } = setup;
  const app = new Hono();
  const paths = new Set<string>();
  const restores: (() => void)[] = [];
  let skew = 0;
  const server: Clock = { now: () => clock.now() + clockSkew() + skew };
  const log: CallLog<Op> = createCallLog();
  const faults = createFaults<Op>();
  const gates = createGates<Op>();
  const limits = createRateLimits<Op>(server);
  const watch = createWatch(clock);

  const answer = async (op: Op, handler: Handler, call: Call): Promise<Response> => {
    await gates.pass(op, "before");
    const refused = limits.take(op);
    if (refused) return setup.throttled(refused, call);
    const planned = faults.take(op);
    if (planned?.when === "before") return faultResponse(planned.fault);
    const response = await handler(call);
    await gates.pass(op, "after");
    return planned ? faultResponse(planned.fault) : response;
  };

  const respond = front(app.fetch, server.now, cors);
  const handle = (request: Request): Promise<Response> => watch.answer(request, () => respond(request));

  const finish = () => {
    for (const path of paths) app.all(path, () => new Response(null, { status: 405 }));
    app.notFound(notFound);
    app.onError((error) => {
      throw error;
    });
  };

  return {
    now: () => server.now(),
    random: createRandom(setup.seed ?? name),
    route: (method, path, op, handler) => {
      paths.add(path);
      app.on(method, path, async (context) => {
        const read = await readCall(context.req.raw, context.req.param());
        const call: Call = { ...read, note: (facts) => void Object.assign(logged, facts) };
        const name = typeof op === "function" ? op(call) : op;
        const logged = log.open(name, clock.now(), call.request.method, call.url.pathname);
        watch.note(context.req.raw, logged);
        try {
          const response = await answer(name, handler, call);
          log.close(logged, response.status);
          return response;
        } catch (error) {
          log.close(logged, error instanceof NetworkFault ? "network" : 500);
          throw error;
        }
      });
    },
    onReset: (restore) => {
      restores.push(restore);
    },
    emulator: (extra) => {
      finish();
      const control: Control<Op> = {
        calls: log.calls,
        count: (op, status) => log.count(op, status),
        failNext: (op, fault, options) => faults.failNext(op, fault, options),
        hold: (op, { when = "before" } = {}) => gates.hold(op, when),
        rateLimit: (op, limit) => limits.set(op, limit),
        watch: (listener) => watch.add(listener),
        skew: (ms) => {
          skew = ms;
        },
        reset: () => {
          skew = 0;
          log.clear();
          faults.clear();
          limits.clear();
          gates.releaseAll();
          for (const restore of restores) restore();
        },
      };
      return {
        name,
        fetch: inProcessFetch(handle),
        control: Object.assign(control, extra),
        listen: (options) => listen(handle, options),
      };
    },
  };
}
