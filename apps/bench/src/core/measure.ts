// What core itself costs, without a network: a process of its own, with the garbage collector at hand and a nursery so large
// that none runs by itself. Arguments: "heap" or "all", then the files of the cores; their measurements take turns. Prints JSON.
import { pathToFileURL } from "node:url";
import { median } from "../statistics.ts";
import type { Core, Session } from "./cores.ts";

/** Of one core. Times are the µs of each round; bytes are medians. */
export interface CoreCost {
  readonly time: Readonly<Record<CallName | "renewal", readonly number[]>>;
  readonly heap: Readonly<Record<CallName, number>>;
  readonly idle: { readonly withStore: number; readonly withoutStore: number };
}

export type CallName = (typeof callNames)[number];
export const callNames = ["URL", "URL and init", "Request"] as const;

const origin = "https://api.example.com";
const url = `${origin}/things`;
const init = { method: "GET", headers: { accept: "application/json" } };
const hour = 3_600_000;
const sessions = 5_000;
const heapRounds = 5;
const collect = (globalThis as { readonly gc?: () => void }).gc; // with --expose-gc

const response = new Response(null);
const fetch = async (): Promise<Response> => response;
let serial = 0;
const issue = async () => {
  serial++;
  return { accessToken: `access-${serial}`, refreshToken: `refresh-${serial}`, receivedAt: Date.now(), expiresAt: Date.now() + hour };
};
const provider = { name: "bench", origins: [origin], credentials: ["username"], login: issue, refresh: issue };

/** What both cores understand alike. */
async function open(core: Core, hasStore = false): Promise<Session> {
  const auth = core.createAuth(provider, { fetch, ...(hasStore && { store: core.memoryStore() }) });
  await auth.login({ username: "ada" });
  return auth;
}

type Work = () => Promise<unknown>;

function worksOf(send: Session["fetch"]): Record<CallName, Work> {
  return { URL: () => send(url), "URL and init": () => send(url, init), Request: () => send(new Request(url)) };
}

async function timeOf(work: Work, times: number): Promise<number> {
  const started = performance.now();
  for (let number = 0; number < times; number++) await work();
  return ((performance.now() - started) * 1_000) / times;
}

async function processorTimeOf(work: Work, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let number = 0; number < times; number++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

async function heapOf(work: Work, times: number): Promise<number> {
  collect?.();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < times; number++) await work();
  return (process.memoryUsage().heapUsed - before) / times;
}

/** What is left of a session that nobody uses, in bytes. */
async function idleHeap(core: Core, hasStore: boolean): Promise<number> {
  const kept: Session[] = [];
  const opened = async () => kept.push(await open(core, hasStore));
  collect?.();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < sessions; number++) await opened();
  collect?.();
  return (process.memoryUsage().heapUsed - before) / kept.length;
}

async function medianOf(measure: () => Promise<number>, rounds = heapRounds): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await measure());
  return median(values);
}

const [mode, ...files] = process.argv.slice(2);
if (mode) {
  // Our own bundles, of which only these two functions are used.
  const cores = await Promise.all(files.map(async (file) => (await import(pathToFileURL(file).href)) as unknown as Core));
  const bare = worksOf(fetch);
  const measured = await Promise.all(
    cores.map(async (core) => {
      const auth = await open(core);
      const works = { ...worksOf(auth.fetch), renewal: () => auth.getToken({ renew: true }) };
      return { core, works, time: { URL: [], "URL and init": [], Request: [], renewal: [] } as Record<CallName | "renewal", number[]> };
    }),
  );

  const [warmUp, rounds] = mode === "all" ? [15, 75] : [1, 1];
  for (let round = 0; round < rounds; round++) {
    const own = { URL: 0, "URL and init": 0, Request: 0 };
    for (const name of callNames) own[name] = await timeOf(bare[name], 2_000);
    const turns = round % 2 === 0 ? measured : measured.toReversed();
    for (const { works, time } of turns) {
      for (const name of callNames) {
        const value = (await timeOf(works[name], 2_000)) - own[name];
        if (round >= warmUp) time[name].push(value);
      }
      const renewal = await processorTimeOf(works.renewal, 1_000);
      if (round >= warmUp) time.renewal.push(renewal);
    }
  }

  const costs: CoreCost[] = [];
  for (const { core, works, time } of measured) {
    const heap = { URL: 0, "URL and init": 0, Request: 0 };
    for (const name of callNames)
      heap[name] = (await medianOf(() => heapOf(works[name], 4_000))) - (await medianOf(() => heapOf(bare[name], 4_000)));
    const idle = { withStore: await medianOf(() => idleHeap(core, true), 3), withoutStore: await medianOf(() => idleHeap(core, false), 3) };
    costs.push({ time, heap, idle });
  }
  process.stdout.write(JSON.stringify(costs));
}
