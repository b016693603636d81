import type { RedisServer } from "../../../../scripts/redis-server.ts";
import { stretchTo } from "../redis/proxy.ts";
import { expected, type Finding, type Place, refreshTokensSentTwice, type Tell, withWorkers } from "./proofs.ts";
import type { RedisPlace } from "./stores/redis.ts";
import { user, type Workers } from "./workers.ts";

/** Longer than a session lets a failure of the store keep it from trying again, at first. */
const memoTime = 3_000;

/** A place in Redis as workers are told of it. */
export function redisPlace(place: RedisPlace): Place {
  return { module: new URL("stores/redis.ts", import.meta.url), address: JSON.stringify(place) };
}

/** How many processes, with which client, and how much each asks for at a time. */
export interface Shape {
  readonly client: string;
  readonly count: number;
  readonly requests: number;
}

/**
 * Redis ends between the answer to a refresh and its save, and comes back. Without credentials the others have to wait for
 * the one that has the new tokens; nobody may spend the old ones again.
 */
export async function restart(
  server: RedisServer,
  { client, count, requests }: Shape,
  times: number,
  tell: Tell = () => {},
): Promise<Finding> {
  const store = redisPlace({ urls: [server.url], client, key: `restart ${client}` });
  return withWorkers({ count, store, password: undefined }, async (workers) => {
    const { control, all, advance, expire } = workers;
    await all[0]?.call("login", user);
    const failures = (await workers.burst(requests)).failures.slice();
    const meanwhile: string[] = [];
    for (let time = 0; time < times; time++) {
      await expire();
      const answers = control.hold("refresh", { when: "after" });
      const bursts = Promise.all(all.map((worker) => worker.call("burst", requests)));
      await answers.arrived(1);
      await server.stop();
      answers.release();
      meanwhile.push(...(await bursts).flatMap((outcome) => outcome.failures));
      await server.start();
      await Promise.all(all.map((worker) => worker.call("readable")));
      await advance(memoTime);
      failures.push(...(await workers.burst(requests)).failures);
      tell(`restart ${time + 1} of ${times}`);
    }
    const refreshes = control.count("refresh");
    return {
      name: `Redis ends between refresh and save, ${count} processes with ${client}`,
      found: `${times} restarts, ${control.count("login")} login, ${refreshes} refreshes, ${failures.length} failures after it was back`,
      wrong: [
        ...sound(workers, failures),
        ...expected("logins", control.count("login"), 1),
        ...expected("refreshes", refreshes, times),
        ...new Set(meanwhile.filter((failure) => failure !== "token-request-failed")),
      ],
    };
  });
}

/** Tokens expire while Redis is away: sessions with credentials serve every request, and are one again when it is back. */
export async function outage(
  server: RedisServer,
  { client, count, requests }: Shape,
  times: number,
  tell: Tell = () => {},
): Promise<Finding> {
  const store = redisPlace({ urls: [server.url], client, key: `outage ${client}` });
  return withWorkers({ count, store }, async (workers) => {
    const { control, all, advance, expire } = workers;
    const failures = (await workers.burst(requests)).failures.slice();
    for (let time = 0; time < times; time++) {
      await server.stop();
      failures.push(...(await workers.burst(requests)).failures);
      await expire();
      failures.push(...(await workers.burst(requests)).failures);
      await server.start();
      await Promise.all(all.map((worker) => worker.call("readable")));
      await advance(memoTime);
      failures.push(...(await workers.burst(requests)).failures);
      await expire();
      failures.push(...(await workers.burst(requests)).failures);
      tell(`outage ${time + 1} of ${times}`);
    }
    const refreshes = control.count("refresh");
    return {
      name: `tokens expire while Redis is away, ${count} processes with ${client}`,
      found: `${times} outages, ${control.count("login")} logins, ${refreshes} refreshes, ${failures.length} failures`,
      wrong: [...sound(workers, failures), ...expected("refreshes", refreshes, times)],
    };
  });
}

/** The network to Redis is cut for half of the processes, while tokens expire. */
export async function partition(
  server: RedisServer,
  { client, count, requests }: Shape,
  times: number,
  tell: Tell = () => {},
): Promise<Finding> {
  const stretch = await stretchTo(server.port);
  const store = redisPlace({ urls: [server.url, stretch.url], client, key: `partition ${client}` });
  const work = async (workers: Workers): Promise<Finding> => {
    const { control, all, advance, expire } = workers;
    const failures = (await workers.burst(requests)).failures.slice();
    for (let time = 0; time < times; time++) {
      stretch.cut();
      await expire();
      failures.push(...(await workers.burst(requests)).failures);
      stretch.mend();
      await Promise.all(all.map((worker) => worker.call("readable")));
      await advance(memoTime);
      await expire();
      failures.push(...(await workers.burst(requests)).failures);
      tell(`partition ${time + 1} of ${times}`);
    }
    const refreshes = control.count("refresh");
    return {
      name: `half of ${count} processes cut off, with ${client}`,
      found: `${times} partitions, ${control.count("login")} logins, ${refreshes} refreshes, ${failures.length} failures`,
      wrong: [...sound(workers, failures), ...expected("refreshes", refreshes, 2 * times)],
    };
  };
  try {
    return await withWorkers({ count, store }, work);
  } finally {
    await stretch.close();
  }
}

/** What must hold in any case. */
export function sound({ control }: Workers, failures: readonly string[], takenTwice = false): readonly string[] {
  return [
    ...expected("failures", failures.length, 0),
    ...expected("refused refreshes", control.count("refresh", 400), 0),
    ...expected("refused requests", control.count("api", 401), 0),
    ...(takenTwice ? [] : expected("refresh tokens sent twice", refreshTokensSentTwice(control.calls), 0)),
    ...new Set(failures),
  ];
}
