import { createCognitoEmulator, defaultCognitoClient, defaultCognitoUser } from "@keyturn/emulators";
import { shiftedClock } from "../../../../scripts/shifted-clock.ts";
import { realTime, type Time } from "../time.ts";
import { watchTokens } from "../token-ends.ts";
import type { Lane, Sign } from "./lanes.ts";
import { isAlive, startWorker, type Worker } from "./start-worker.ts";
import type { SharedStore } from "./stores.ts";
import type { WorkerPlan } from "./worker.ts";

/** How processes are lived through. */
export interface WorkersOptions {
  /** The store's name, for the processes, and the store. */
  readonly name: string;
  readonly store: SharedStore;
  /** Of access tokens, in ms. */
  readonly lifetime: number;
  /** Shows where things are. */
  show(lanes: readonly Lane[]): void;
  /** Instead of the machine's time, for tests. */
  readonly instead?: (course: Course) => Time;
}

/** What a test makes time of. */
export interface Course {
  /** All clocks go on by `ms`. */
  advance(ms: number): void;
  /** Until every request sent so far has its answer. */
  idle(): Promise<unknown>;
}

/** What the server counted, and what of it must not be. */
export interface WorkersOutcome {
  readonly lanes: readonly Lane[];
  readonly counted: Counted;
  readonly problems: readonly string[];
}

type Counted = Readonly<Record<"requests" | "logins" | "renewals" | "refused", number>>;

/** A process has a new token. */
const tokenSigns: readonly Sign[] = ["logs in", "renews", "takes over what another got"];
const processes = 4;
const expiries = 3;
const interval = 120;

/** Lives through three expiries with four processes that share a session. The one that renews second is killed afterwards. */
export async function runWorkers({ name, store, lifetime, show, instead }: WorkersOptions): Promise<WorkersOutcome> {
  const clock = shiftedClock();
  const rotation = { rotation: { graceSeconds: 0 }, reuseRevokesFamily: true };
  const { control, listen } = createCognitoEmulator({ clock, accessTokenLifetime: lifetime, ...rotation });
  const server = await listen();
  const place = await store.prepare();
  const { clientId } = defaultCognitoClient;
  const credentials = { username: defaultCognitoUser.email, password: defaultCognitoUser.password };
  const plan: WorkerPlan = { store: name, address: place.address, server: server.url, clientId, credentials };
  const sent: Promise<unknown>[] = [];
  const time: Time = instead?.({ advance, idle: () => Promise.all(sent) }) ?? realTime;
  let startedAt = time.now();
  const since = () => time.now() - startedAt;
  const workers = Array.from({ length: processes }, (_, index) => startWorker(`process ${index + 1}`, plan, since));

  /** Asks all that live; one that is killed meanwhile does not answer. */
  function ask(question: (worker: Worker) => Promise<unknown>): Promise<unknown>[] {
    return workers.filter(isAlive).map((worker) => question(worker).catch(() => {}));
  }
  function advance(ms: number): void {
    clock.advance(ms);
    void Promise.all(ask((worker) => worker.call("advance", ms)));
  }

  try {
    await Promise.all(workers.map((worker) => worker.call("advance", 0)));
    startedAt = time.now();
    const watched = watchTokens(control, lifetime, 2 * interval);
    while (!watched.ended(expiries, time.now()) && since() <= (expiries + 2) * lifetime) {
      sent.push(...ask((worker) => worker.call("send")));
      await time.pause(interval);
      watched.look(time.now());
      if (workers.every(isAlive)) await whoRenewed(workers, 2, since())?.kill();
      show(workers.map(({ lane }) => lane));
    }
    await Promise.all(sent);
    await Promise.all(workers.filter(isAlive).map((worker) => worker.call("close")));
    const refused = control.count("api", 401) + control.count("refresh", 400);
    const counted = { requests: control.count("api"), logins: control.count("login"), renewals: control.count("refresh"), refused };
    const lanes = workers.map(({ lane }) => lane);
    return { lanes, counted, problems: problemsOf(lanes, counted) };
  } finally {
    for (const worker of workers) worker.signal("SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    await place.close();
    await server.close();
  }
}

/** Who did the n-th renewal, once every process has what it brought, and it has been seen for a second. */
function whoRenewed(workers: readonly Worker[], nth: number, now: number): Worker | undefined {
  const tokens = workers.map(({ lane }) => lane.marks.filter(({ sign }) => tokenSigns.includes(sign))[nth]);
  const seen = tokens.every((token) => token && now - token.at > 1_000);
  return seen ? workers.find((_, index) => tokens[index]?.sign === "renews") : undefined;
}

/** One clear line for each number that is not what it must be. */
export function problemsOf(lanes: readonly Lane[], { logins, renewals, refused }: Counted): string[] {
  const count = (sign: Sign) => lanes.reduce((sum, { marks }) => sum + marks.filter((mark) => mark.sign === sign).length, 0);
  const numbers: readonly (readonly [string, number, number])[] = [
    ["logins", logins, 1],
    ["renewals", renewals, expiries],
    ["refusals by the server", refused, 0],
    ["failed requests", count("a request fails"), 0],
    ["processes killed", count("is killed"), 1],
  ];
  return numbers.flatMap(([what, found, must]) => (found === must ? [] : [`${found} ${what}, must be ${must}`]));
}
