// One process of many that share a session: a real `createAuth` on the store it is told to open.
import { setTimeout as sleep } from "node:timers/promises";
import { cognito } from "@keyturn/cognito";
import { createAuth, isAuthError, type TokenStore } from "@keyturn/core";
import { serve, tell } from "../../../../scripts/child.ts";
import { shiftedClock } from "../../../../scripts/shifted-clock.ts";

/** What a worker is told at its start. */
export interface WorkerPlan {
  /** A module that exports `open(address)`, and what to open. */
  readonly store: { readonly module: string; readonly address: string };
  /** Where the emulator listens. */
  readonly server: string;
  readonly clientId: string;
  /** Absent: the session waits for somebody to log in. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** What became of a burst of requests. */
export interface BurstOutcome {
  readonly succeeded: number;
  /** Of each other one: its error code, or its status. */
  readonly failures: readonly string[];
}

/** What a worker says unasked: its requests are all under way; it is about to ask for tokens, and waits for `release`; it stops. */
export type WorkerNews = "begun" | "sending" | "stopping";

export type WorkerOffer = typeof offer;

const plan = JSON.parse(process.argv[2] ?? "") as WorkerPlan; // written by startWorkers
const { open } = (await import(plan.store.module)) as { open(address: string): TokenStore | Promise<TokenStore> }; // checked by nobody: a worker that cannot open its store ends

const clock = shiftedClock();
const store = await open(plan.store.address);
const sends: (() => void)[] = [];
let holding = false;
/** How long the pause is that comes with the next lease. */
let pause: number | undefined;
/** Of the time that the worker is told has passed, what it has seen already. */
let seenAhead = 0;

/** Stops this process until somebody wakes it up, which then finds that so much time has passed. */
async function stop(ms: number): Promise<void> {
  await new Promise((sent) => process.send?.({ news: "stopping" satisfies WorkerNews }, sent));
  process.kill(process.pid, "SIGSTOP");
  clock.advance(ms);
  seenAhead += ms;
}

const auth = createAuth(cognito({ endpoint: plan.server, clientId: plan.clientId, rotation: true }), {
  ...(plan.credentials && { credentials: plan.credentials }),
  origins: [plan.server],
  store: {
    ...store,
    async save(next, expected) {
      const saved = await store.save(next, expected);
      const ms = pause;
      if (saved && next.lease && ms !== undefined) {
        pause = undefined;
        await stop(ms);
      }
      return saved;
    },
  },
  clock,
  async fetch(input, init) {
    const isGrant = String(input) === plan.server;
    if (isGrant && holding) {
      tell("sending");
      await new Promise<void>((resume) => sends.push(resume));
    }
    return fetch(input, init);
  },
});
const seen: Record<string, number> = {};
auth.subscribe(({ type }) => {
  seen[type] = (seen[type] ?? 0) + 1;
});

async function request(): Promise<string | undefined> {
  try {
    const response = await auth.fetch(`${plan.server}/protected`);
    await response.arrayBuffer();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}

const offer = {
  async burst(count: number): Promise<BurstOutcome> {
    const requests = Array.from({ length: count }, request);
    tell("begun");
    const failures = (await Promise.all(requests)).filter((failure) => failure !== undefined);
    return { succeeded: count - failures.length, failures };
  },
  advance(ms: number): void {
    const seen = Math.min(ms, seenAhead);
    seenAhead -= seen;
    clock.advance(ms - seen);
  },
  /** The worker stops right after its next lease, until SIGCONT; by then so many ms have passed for it. */
  pauseWithClaim: (ms: number): void => {
    pause = ms;
  },
  /** Resolves once the store can be read. */
  async readable(): Promise<void> {
    const read = async () => {
      await store.load();
      return true;
    };
    while (!(await read().catch(() => false))) await sleep(20);
  },
  /** Events so far, by type. */
  events: (): Readonly<Record<string, number>> => seen,
  /** From now on the worker stops right before it sends a grant. */
  hold: (): void => {
    holding = true;
  },
  release: (): void => {
    holding = false;
    for (const resume of sends.splice(0)) resume();
  },
  login: (credentials: WorkerPlan["credentials"]): Promise<void> => auth.login(credentials),
  logout: (): Promise<void> => auth.logout(),
  close: (): Promise<void> => auth.close(),
};
serve(offer);
