import { LoggedOutError } from "@keyturn/core";
import type { Control, Emulation } from "./systems/emulation.ts";
import type { Connection } from "./systems/system.ts";
import type { Time } from "./time.ts";
import { watchTokens } from "./token-ends.ts";
import type { Traffic } from "./traffic.ts";

/** What one phase works with. */
export interface Stage {
  readonly connection: Connection;
  readonly control: Control;
  readonly traffic: Traffic;
  readonly time: Time;
  /** Of access tokens, in ms. */
  readonly lifetime: number;
  /** Tells whoever watches what is going on. */
  readonly tell: (news: string) => void;
}

/** What happened during a phase: the first two counted here, all others by the emulator. */
export interface Seen {
  readonly requests: number;
  readonly failures: number;
  /** Calls to the API, re-sends included. */
  readonly calls: number;
  readonly unauthorized: number;
  readonly logins: number;
  readonly refreshes: number;
  readonly revocations: number;
  /** How many different tokens the API was shown, and how many of them it refused. */
  readonly tokens: number;
  readonly refusedTokens: number;
}

/** A number, or the least and the most it may be. */
export type Allowed = number | readonly [least: number, most: number];

export interface Phase {
  readonly name: string;
  /** Rejects if it cannot be gone through. What the numbers say is judged afterwards. */
  run(stage: Stage): Promise<void>;
  must(emulation: Emulation, seen: Seen): Readonly<Partial<Record<keyof Seen, Allowed>>>;
}

const burstSize = 50;
const expiries = 3;
const interval = 120;

/** All requests reach the API before it answers the first, so that none can profit from another's renewal. */
async function burst({ control, traffic }: Stage): Promise<void> {
  const door = control.hold("api");
  const sent = traffic.burst(burstSize);
  await Promise.race([door.arrived(burstSize), sent]);
  door.release();
  await sent;
}

/** Sends request after request until `expiries` tokens have come to their real end on the server. */
async function steady({ control, traffic, time, lifetime, tell }: Stage): Promise<void> {
  const startedAt = time.now();
  const watched = watchTokens(control, lifetime, 2 * interval);
  const sent: Promise<void>[] = [];

  while (!watched.ended(expiries, time.now()) && time.now() - startedAt <= (expiries + 2) * lifetime) {
    sent.push(traffic.send());
    await time.pause(interval);
    watched.look(time.now());
    tell(`${sent.length} requests, ${watched.tokens - 1} renewals`);
  }
  await Promise.all(sent);
}

export const phases: readonly Phase[] = [
  {
    name: "cold burst",
    run: burst,
    must: () => ({ requests: burstSize, failures: 0, calls: burstSize, unauthorized: 0, logins: 1, refreshes: 0, tokens: 1 }),
  },
  {
    name: "burst after expiry",
    run(stage) {
      stage.control.expireAccess();
      return burst(stage);
    },
    must: (emulation) => ({
      requests: burstSize,
      failures: 0,
      calls: 2 * burstSize,
      unauthorized: burstSize,
      ...renewals(emulation, 1),
      tokens: 2,
      refusedTokens: 1,
    }),
  },
  {
    name: "steady traffic",
    run: steady,
    must: (emulation, { requests, unauthorized }) => ({
      failures: 0,
      calls: requests + unauthorized,
      // A sticky token is asked for ahead of its end, comes back the same, and may meet one burst of 401s before there is a new one.
      unauthorized: emulation.sticky ? [0, requests] : 0,
      refusedTokens: emulation.sticky ? [0, expiries] : 0,
      ...renewals(emulation, emulation.sticky ? [expiries, 3 * expiries] : expiries),
      tokens: expiries + 1,
    }),
  },
  {
    name: "logout",
    async run({ connection, traffic }) {
      await connection.auth.logout();
      const error = await traffic.attempt();
      if (!(error instanceof LoggedOutError)) throw new Error("a request after it was not refused with a LoggedOutError");
    },
    must: ({ revokes }) => ({ calls: 0, logins: 0, refreshes: 0, revocations: revokes ? 1 : 0 }),
  },
];

function renewals({ renewsBy }: Emulation, count: Allowed): Partial<Record<keyof Seen, Allowed>> {
  return renewsBy === "refresh" ? { logins: 0, refreshes: count } : { logins: count, refreshes: 0 };
}
