import ky from "ky";
import type { Connection } from "./systems/system.ts";
import type { Time } from "./time.ts";

/** Requests as an application sends them: ky over `auth.fetch`. */
export interface Traffic {
  /** Sends one request. Never rejects: a failure is counted. */
  send(): Promise<void>;
  /** Sends one that counts for nothing; what it was refused with, if it was. */
  attempt(): Promise<unknown>;
  /** Sends so many at once. */
  burst(size: number): Promise<void>;
  readonly requests: number;
  readonly failures: readonly unknown[];
  /** Ms of the slowest request that was under way during a renewal, the first login left out. */
  slowestAroundRenewals(): number;
}

interface Span {
  readonly startedAt: number;
  readonly endedAt: number;
}

export function createTraffic({ auth, baseUrl, path }: Connection, { now }: Pick<Time, "now">): Traffic {
  // Without ky's own retries every re-send the server sees is keyturn's.
  const api = ky.create({ baseUrl, fetch: auth.fetch, retry: 0 });
  const spans: Span[] = [];
  const renewals: Span[] = [];
  const failures: unknown[] = [];
  let requests = 0;
  let renewalStartedAt: number | undefined;

  auth.subscribe((event) => {
    if (event.type === "grant-started" && event.reason !== "empty") renewalStartedAt = now();
    if (event.type !== "token-issued" && event.type !== "grant-failed") return;
    if (renewalStartedAt !== undefined) renewals.push({ startedAt: renewalStartedAt, endedAt: now() });
    renewalStartedAt = undefined;
  });

  async function send(): Promise<void> {
    requests += 1;
    const startedAt = now();
    try {
      await api.get(path).arrayBuffer();
    } catch (error) {
      failures.push(error);
    }
    spans.push({ startedAt, endedAt: now() });
  }

  return {
    send,
    attempt: () =>
      api.get(path).then(
        () => undefined,
        (error: unknown) => error,
      ),
    burst: async (size) => void (await Promise.all(Array.from({ length: size }, send))),
    get requests() {
      return requests;
    },
    failures,
    slowestAroundRenewals() {
      const around = spans.filter((span) => renewals.some((renewal) => overlap(span, renewal)));
      return Math.max(0, ...around.map(({ startedAt, endedAt }) => endedAt - startedAt));
    },
  };
}

function overlap(one: Span, other: Span): boolean {
  return one.startedAt <= other.endedAt && other.startedAt <= one.endedAt;
}
