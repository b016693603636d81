import { type Auth, createAuth } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { call, type Outcome } from "./callers.ts";
import { countingBlocks, heapInUse, listenersOn } from "./gauges.ts";
import { api, createServer, type Server } from "./server.ts";

/** What a round saw: a line for the reader, and what is wrong with it. */
export interface Finding {
  readonly text: string;
  readonly wrong: readonly string[];
}

/** Says how far a round has come, as a share of 1. */
export type Progress = (share: number) => void;

/** Something that leaks on purpose, to see that it would be noticed: wrapped around every session here. */
export type Fault = (auth: Auth) => Auth;

/** What the measuring itself leaves behind. */
const noise = 500_000;
const checkpoints = 10;

type Tally = Record<Outcome, number>;
const counted = (outcomes: readonly Outcome[]): Tally => {
  const tally: Tally = { answered: 0, aborted: 0, failed: 0 };
  for (const outcome of outcomes) tally[outcome]++;
  return tally;
};
const told = ({ answered, aborted, failed }: Tally): string =>
  `${number(answered)} answered, ${number(aborted)} aborted, ${number(failed)} failed`;
const number = (value: number): string => Math.round(value).toLocaleString("en");
const bytes = (value: number): string => `${(value / 1e6).toFixed(2)} MB`;

/** One call after the other, with hours of expiries, failed renewals, logouts and logins in between, on one long-lived signal. */
export async function sequential(count: number, fault: Fault, progress: Progress): Promise<Finding> {
  const clock = manualClock();
  const server = createServer(clock.now);
  const auth = fault(createAuth(server.provider, { fetch: server.fetch, clock, cooldown: 0 }));
  const { signal: page } = new AbortController();
  const tally = counted([]);
  const heap: number[] = [];
  const listeners: number[] = [];
  const step = count / checkpoints;
  for (let index = 0; index < count; index++) {
    if (index % step === 0) {
      heap.push(await heapInUse());
      listeners.push(listenersOn(page));
      progress(index / count);
    }
    if (index % 500 === 0) await between(index / 500, auth, server, clock.advance);
    tally[await call(index, auth, page, server)]++;
  }
  await auth.close();
  heap.push(await heapInUse());
  const [, warm = 0] = heap;
  const growth = Math.max(...heap.slice(1)) - warm;
  return {
    text: `${number(count)} calls one after the other: ${told(tally)}; ${number(server.grants)} grants; heap ${heap.map(bytes).join(", ")}; listeners on the signal ${Math.max(...listeners, listenersOn(page))}; timers ${clock.pending}`,
    wrong: [
      ...(growth > noise ? [`the heap grew by ${bytes(growth)}`] : []),
      ...(Math.max(...listeners, listenersOn(page)) > 0 ? ["listeners stayed on a long-lived signal"] : []),
      ...(clock.pending > 0 ? ["timers stayed set"] : []),
      ...(Object.values(tally).includes(0) ? ["not every outcome came about"] : []),
    ],
  };
}

/** What happens between requests of an application: time passes, renewals fail, users come and go, pages listen. */
async function between(round: number, auth: Auth, server: Server, advance: (ms: number) => Promise<void>): Promise<void> {
  const stop = auth.subscribe(() => {});
  const rest = auth.keepFresh();
  if (round % 20 === 3) server.fail();
  await advance(20_000);
  if (round % 50 === 7) await auth.logout();
  if (round % 50 === 7) await auth.login();
  rest();
  stop();
}

/** Half of the calls at once on a session that nobody has logged in yet, half with a token that the server has ended; with the platform's own timers. */
export async function concurrent(count: number, fault: Fault): Promise<Finding> {
  const { signal: page } = new AbortController();
  const round = async (calls: number): Promise<readonly [Tally, number]> => {
    const server = createServer(Date.now);
    const auth = fault(createAuth(server.provider, { fetch: server.fetch }));
    const burst = () => Promise.all(Array.from({ length: calls / 2 }, (_, index) => call(index, auth, page, server)));
    const cold = await burst();
    server.kill();
    const outcomes = [...cold, ...(await burst())];
    await auth.close();
    return [counted(outcomes), server.grants];
  };
  await round(count / 10);
  const before = await heapInUse();
  const [tally, grants] = await round(count);
  const growth = (await heapInUse()) - before;
  return {
    text: `${number(count)} calls at once: ${told(tally)}; ${grants} grants; heap ${growth < 0 ? "" : "+"}${bytes(growth)}; listeners on the signal ${listenersOn(page)}`,
    wrong: [
      ...(growth > noise ? [`the heap grew by ${bytes(growth)}`] : []),
      ...(listenersOn(page) > 0 ? ["listeners stayed on a long-lived signal"] : []),
      ...(Object.values(tally).includes(0) ? ["not every outcome came about"] : []),
    ],
  };
}

/** All wait for one flight. Ten times as many may cost ten times the work, counted in blocks of code entered. */
export async function waiters(count: number, fault: Fault): Promise<Finding> {
  const wait = async (calls: number, end: "landing" | "abort"): Promise<void> => {
    const server = createServer(Date.now);
    const land = server.hold();
    const page = new AbortController();
    const auth = fault(createAuth(server.provider, { fetch: server.fetch }));
    const waiting = Array.from({ length: calls }, () => auth.fetch(`${api}/ok`, { signal: page.signal }).catch(() => {}));
    if (end === "landing") land();
    else page.abort();
    await Promise.all(waiting);
    land();
    await auth.close();
  };
  const costs = await countingBlocks(async (blocks) => {
    const cost = async (end: "landing" | "abort") => {
      const few = await blocks(() => wait(count / 10, end));
      const many = await blocks(() => wait(count, end));
      return { each: many / count, ratio: many / few };
    };
    return [await cost("landing"), await cost("abort")];
  });
  const [each, ratios] = [costs.map((cost) => cost.each.toFixed(1)), costs.map(({ ratio }) => ratio.toFixed(2))];
  return {
    text: `${number(count)} waiters on one flight: ${each.join(" blocks each when it lands, ")} when their signal aborts; ${ratios.join(" and ")} times the work of a tenth of them`,
    wrong: costs.some(({ ratio }) => ratio > 10.5) ? ["the work grew faster than the number of waiters"] : [],
  };
}
