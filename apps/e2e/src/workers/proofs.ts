import { startWorkers, type Workers, type WorkersOptions } from "./workers.ts";

/** What came of a proof: what was counted, and what of it must not be. */
export interface Finding {
  readonly name: string;
  readonly found: string;
  readonly wrong: readonly string[];
}

/** Says how far a proof has come. */
export type Tell = (news: string) => void;

export type Place = WorkersOptions["store"];

/** Starts workers, and ends them whatever comes of the work. */
export async function withWorkers<Value>(options: WorkersOptions, work: (workers: Workers) => Promise<Value>): Promise<Value> {
  const workers = await startWorkers(options);
  try {
    return await work(workers);
  } finally {
    await workers.close();
  }
}

/** Processes whose token expires again and again, at the same moment for all: each expiry is one refresh. */
export function expiries(store: Place, { count = 8, requests = 50, times = 10 } = {}, tell: Tell = () => {}): Promise<Finding> {
  return withWorkers({ count, store }, async ({ control, burst, expire }) => {
    const failures = [...(await burst(requests)).failures];
    for (let time = 1; time <= times; time++) {
      await expire();
      failures.push(...(await burst(requests)).failures);
      tell(`expiry ${time} of ${times}: ${control.count("refresh")} refreshes`);
    }
    const [logins, refreshes] = [control.count("login"), control.count("refresh")];
    return {
      name: `${count} processes, ${requests} requests each, ${times} expiries`,
      found: `${logins} login, ${refreshes} refreshes, ${failures.length} failures`,
      wrong: [
        ...expected("logins", logins, 1),
        ...expected("refreshes", refreshes, times),
        ...expected("refused refreshes", control.count("refresh", 400), 0),
        ...expected("refused requests", control.count("api", 401), 0),
        ...expected("refresh tokens sent twice", refreshTokensSentTwice(control.calls), 0),
        ...expected("failures", failures.length, 0),
        ...new Set(failures),
      ],
    };
  });
}

/** Processes that all wait with the same wrong password: it is tried once. */
export function wrongPassword(store: Place, { count = 8, requests = 100 } = {}): Promise<Finding> {
  return withWorkers({ count, store, password: "Wrong-Horse-9!" }, async ({ control, burst }) => {
    const { failures } = await burst(requests);
    const late = await burst(requests);
    const rejected = [...failures, ...late.failures].filter((failure) => failure === "credentials-rejected");
    const [attempts, counter] = [control.count("login"), control.failedLogins(control.calls[0]?.identity ?? "")];
    return {
      name: `a wrong password, ${count} processes, ${requests} requests each, twice`,
      found: `${attempts} attempt, lockout counter ${counter}`,
      wrong: [
        ...expected("attempts", attempts, 1),
        ...expected("the lockout counter", counter, 1),
        ...expected("requests told of it", rejected.length, 2 * count * requests),
      ],
    };
  });
}

/** A clear line where a number is not what it must be. */
export function expected(what: string, found: number, must: number): string[] {
  return found === must ? [] : [`${what}: ${found}, must be ${must}`];
}

/** Of the calls a server has logged. */
export function refreshTokensSentTwice(calls: Workers["control"]["calls"]): number {
  const sent = calls.flatMap(({ op, tokenUsed }) => (op === "refresh" && tokenUsed ? [tokenUsed] : []));
  return sent.length - new Set(sent).size;
}
