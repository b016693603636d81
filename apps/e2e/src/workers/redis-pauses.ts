import { redisStore } from "@keyturn/store-redis";
import type { RedisServer } from "../../../../scripts/redis-server.ts";
import { connectors } from "../redis/clients.ts";
import { expected, type Finding, withWorkers } from "./proofs.ts";
import { redisPlace, type Shape, sound } from "./redis-outages.ts";
import { user, type Worker, type Workers } from "./workers.ts";

/** Longer than any lease lasts. */
const claimTime = 25_000;

/** Where the one that renews is paused, and what others have to go on with. */
export interface Pause {
  readonly name: string;
  readonly at: "before its send" | "after the server acted";
  readonly credentials: boolean;
  /** For how long the server takes a spent refresh token again. */
  readonly graceSeconds: number;
  /** What the others need: logins and refreshes, after the first login. */
  readonly logins: number;
  readonly refreshes: number;
}

export const pauses: readonly Pause[] = [
  { name: "before its send", at: "before its send", credentials: false, graceSeconds: 0, logins: 0, refreshes: 1 },
  {
    name: "after the server acted, with credentials",
    at: "after the server acted",
    credentials: true,
    graceSeconds: 0,
    logins: 1,
    refreshes: 1,
  },
  {
    name: "after the server acted, with a grace",
    at: "after the server acted",
    credentials: false,
    graceSeconds: 60,
    logins: 0,
    refreshes: 2,
  },
];

/** The holder of the lease is stopped past its lease and its lease, and goes on when the others have renewed. */
export async function pausedHolder(server: RedisServer, { client, count, requests }: Shape, pause: Pause): Promise<Finding> {
  const key = `paused ${client} ${pause.name}`;
  const store = redisPlace({ urls: [server.url], client, key });
  const { graceSeconds } = pause;
  const admin = await connectors[client]?.(server.url);
  if (!admin) throw new Error(`no client is called ${client}`);
  const record = () => redisStore(admin.client, key).load();
  const run = withWorkers({ count, store, graceSeconds, ...(!pause.credentials && { password: undefined }) }, async (workers) => {
    const { control, all, advance, expire } = workers;
    const [holder, ...others] = all;
    if (!holder) throw new Error("nobody to pause");
    await holder.call("login", user);
    const failures = (await workers.burst(requests)).failures.slice();
    await expire();

    const paused = await pauseIn(holder, workers, pause);
    await admin.command("DEL", `keyturn:lock:${key}`); // its lease runs out in Redis's own time, which nobody here sets forward
    const advanced = advance(claimTime);
    failures.push(...(await bursts(others, requests)));
    const before = await record();
    holder.signal("SIGCONT");
    await advanced;
    failures.push(...(await paused.outcome).failures);
    const late = (await record())?.revision !== before?.revision;
    failures.push(...(await workers.burst(requests)).failures);
    const [logins, refreshes] = [control.count("login"), control.count("refresh")];
    return {
      name: `paused ${pause.name}, ${count} processes with ${client}`,
      found: `${logins} logins, ${refreshes} refreshes, ${late ? "saved late" : "late save refused"}, ${failures.length} failures`,
      wrong: [
        ...sound(workers, failures, graceSeconds > 0),
        ...expected("logins", logins, 1 + pause.logins),
        ...expected("refreshes", refreshes, pause.refreshes),
        ...(late ? ["the paused holder overwrote what the others had saved"] : []),
      ],
    };
  });
  return run.finally(admin.close);
}

/** Starts a request of the holder and stops it; answers what will come of the request. */
async function pauseIn(holder: Worker, { control }: Workers, { at }: Pause) {
  if (at === "before its send") {
    await holder.call("pauseWithClaim", claimTime);
    const stopping = holder.next("stopping");
    const outcome = holder.call("burst", 1);
    await stopping;
    return { outcome };
  }
  const answers = control.hold("refresh", { when: "after" });
  const outcome = holder.call("burst", 1);
  await answers.arrived(1);
  holder.signal("SIGSTOP");
  answers.release();
  return { outcome };
}

async function bursts(workers: readonly Worker[], requests: number): Promise<readonly string[]> {
  const outcomes = await Promise.all(workers.map((worker) => worker.call("burst", requests)));
  return outcomes.flatMap(({ failures }) => failures);
}
