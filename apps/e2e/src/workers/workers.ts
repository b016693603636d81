import { type CognitoControl, createCognitoEmulator, defaultCognitoClient, defaultCognitoUser } from "@keyturn/emulators";
import { type Child, startChild } from "../../../../scripts/child.ts";
import { shiftedClock } from "../../../../scripts/shifted-clock.ts";
import type { BurstOutcome, WorkerNews, WorkerOffer, WorkerPlan } from "./worker.ts";

export type Worker = Child<WorkerOffer> & {
  /** Resolves with the next news of this kind. Ask before what causes it. */
  next(news: WorkerNews): Promise<void>;
};

/** Processes that share a session, and the server they all log in at. */
export interface Workers {
  /** Those that live, oldest first. */
  readonly all: readonly Worker[];
  /** The server's side: strict rotation, and a refresh token that comes twice ends the whole session. */
  readonly control: CognitoControl;
  /** Starts one more. */
  join(): Promise<Worker>;
  /** Time goes on by so many ms, at once, for the server and for these workers. Default: all that live. */
  advance(ms: number, who?: readonly Worker[]): Promise<void>;
  /** Every access token there is expires. */
  expire(): Promise<void>;
  /** Every worker sends so many requests. The server answers no grant before the last of them has begun. */
  burst(count: number): Promise<BurstOutcome>;
  /** Ends the process at once, wherever it is. */
  kill(worker: Worker): Promise<void>;
  close(): Promise<void>;
}

/** How workers are started. */
export interface WorkersOptions {
  readonly count: number;
  /** A module that exports `open(address)`, which gives the store. */
  readonly store: { readonly module: URL; readonly address: string };
  /** Default: the right one. `undefined`: workers have no credentials. */
  readonly password?: string | undefined;
  /** For how long the server takes a spent refresh token again. Default 0. */
  readonly graceSeconds?: number;
}

const lifetime = 3_600_000;
/** Whom all workers log in as. */
export const user = { username: defaultCognitoUser.email, password: defaultCognitoUser.password };

/** Starts the server and its workers. What fails on the way leaves nothing behind. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { store, count, graceSeconds = 0 } = options;
  const password = "password" in options ? options.password : user.password;
  const clock = shiftedClock();
  let shift = 0;
  const { control, listen } = createCognitoEmulator({
    clock,
    accessTokenLifetime: lifetime,
    rotation: { graceSeconds },
    reuseRevokesFamily: true,
  });
  const server = await listen();
  const plan: WorkerPlan = {
    store: { module: store.module.href, address: store.address },
    server: server.url,
    clientId: defaultCognitoClient.clientId,
    ...(password !== undefined && { credentials: { ...user, password } }),
  };
  const all: Worker[] = [];

  async function join(): Promise<Worker> {
    const listeners = new Set<(news: unknown) => void>();
    const child = startChild<WorkerOffer>(new URL("worker.ts", import.meta.url), [JSON.stringify(plan)], (news) => {
      for (const listener of listeners) listener(news);
    });
    const worker: Worker = {
      ...child,
      next: (expected) =>
        new Promise((resolve) => {
          const listener = (news: unknown) => {
            if (news !== expected) return;
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
        }),
    };
    all.push(worker);
    void child.ended.then(() => all.splice(all.indexOf(worker), 1));
    await worker.call("advance", shift);
    return worker;
  }

  async function advance(ms: number, who: readonly Worker[] = all): Promise<void> {
    shift += ms;
    clock.advance(ms);
    await Promise.all(who.map((worker) => worker.call("advance", ms)));
  }

  async function kill(worker: Worker): Promise<void> {
    worker.signal("SIGKILL");
    await worker.ended;
  }

  const workers: Workers = {
    all,
    control,
    join,
    advance,
    expire: () => advance(lifetime),
    async burst(size) {
      const doors = [control.hold("login"), control.hold("refresh")];
      const begun = Promise.all(all.map((worker) => worker.next("begun")));
      const outcomes = Promise.all(all.map((worker) => worker.call("burst", size)));
      try {
        await Promise.race([begun, outcomes]);
      } finally {
        for (const door of doors) door.release();
      }
      return total(await outcomes);
    },
    kill,
    async close() {
      await Promise.all([...all].map(kill));
      await server.close();
    },
  };
  try {
    await Promise.all(Array.from({ length: count }, join));
    return workers;
  } catch (error) {
    await workers.close();
    throw error;
  }
}

function total(outcomes: readonly BurstOutcome[]): BurstOutcome {
  return {
    succeeded: outcomes.reduce((sum, { succeeded }) => sum + succeeded, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}
