import fc from "fast-check";
import type { IssuerOptions, User } from "./issuer.ts";
import type { LockKind } from "./lock.ts";
import type { GrantTrouble } from "./server.ts";
import type { StoreTrouble } from "./store.ts";

/** How an instance comes by tokens of its own: not at all, or with credentials that are given, asked for, or wrong. */
export interface InstancePlan {
  readonly username: "ada" | "ben";
  readonly credentials: "none" | "given" | "asked for" | "wrong";
  /** By how much its clock is fast, in ms. */
  readonly skew: number;
}

export interface WorldPlan {
  readonly instances: readonly InstancePlan[];
  /** "none": the session lives in memory, and the rest of what is said of a store does not matter. */
  readonly store: "shared" | "none";
  readonly lock: LockKind;
  /** What is special: the store is away for longer, requests end before what they began, a login asks a person. */
  readonly special?: "outages" | "requests that end" | "a person";
  readonly watched: boolean;
  readonly issuer: IssuerOptions;
  /** Ada has logged in before. */
  readonly stored: boolean;
  /** Of jitter. */
  readonly chance: number;
}

/**
 * What happens next: so many answers arrive; time passes in which none does, or in which life goes on, or goes on for
 * all but one; somebody calls something; something breaks. `who` and `which` count around those that are there.
 */
export type Step =
  | { readonly does: "answers"; readonly count: number }
  | { readonly does: "time" | "life"; readonly ms: number }
  | { readonly does: "stall"; readonly who: number; readonly ms: number }
  | { readonly does: "fetch"; readonly who: number; readonly refused: boolean }
  | { readonly does: "stampede"; readonly on: "fetch" | "renew" }
  | { readonly does: "abort"; readonly which: number }
  | { readonly does: "renew" | "invalidate" | "logout" | "close" | "crash" | "freeze" | "thaw" | "open"; readonly who: number }
  | { readonly does: "login"; readonly who: number; readonly user: User }
  | { readonly does: "kill tokens" | "steal the lock" }
  | { readonly does: "set the clocks"; readonly by: number }
  | { readonly does: "grant trouble"; readonly grant: "login" | "refresh"; readonly kind: GrantTrouble; readonly times: number }
  | { readonly does: "store trouble"; readonly operation: "load" | "save"; readonly kind: StoreTrouble; readonly times: number }
  | { readonly does: "api trouble"; readonly times: number }
  | { readonly does: "outage"; readonly of: "saves" | "all" | "none" }
  | { readonly does: "end a request"; readonly who: number; readonly which: number }
  | { readonly does: "answer as the person"; readonly which: number; readonly declines: boolean };

export interface Schedule {
  readonly world: WorldPlan;
  readonly steps: readonly Step[];
}

const username = fc.constantFrom("ada", "ada", "ben");

const instance = (
  credentials: readonly InstancePlan["credentials"][],
  usernames: fc.Arbitrary<InstancePlan["username"]> = username,
): fc.Arbitrary<InstancePlan> =>
  fc.record({ username: usernames, credentials: fc.constantFrom(...credentials), skew: fc.constantFrom(0, 0, 900, -900) });
const anyInstance = instance(["none", "none", "none", "given", "asked for", "wrong"]);

const issuer: fc.Arbitrary<IssuerOptions> = fc.record({
  lifetime: fc.constantFrom(300_000, 300_000, 30_000),
  announced: fc.constantFrom(true, true, true, false),
  grace: fc.constantFrom(0, 0, 30_000),
  exaggeration: fc.constantFrom(0, 0, 20_000, -10_000),
});

const ada: User = { username: "ada", password: "correct horse" };
const user: fc.Arbitrary<User> = fc.constantFrom(
  ada,
  { username: "ben", password: "battery staple" },
  { username: "ada", password: "wrong" },
);

const who = fc.nat(2);
const times = fc.integer({ min: 1, max: 4 });

function weighted(weight: number, arbitrary: fc.Arbitrary<Step>): fc.WeightedArbitrary<Step> {
  return { weight, arbitrary };
}

const anyStep: readonly fc.WeightedArbitrary<Step>[] = [
  weighted(24, fc.record({ does: fc.constant("answers" as const), count: fc.integer({ min: 1, max: 9 }) })),
  weighted(
    9,
    fc.record({ does: fc.constant("time" as const), ms: fc.constantFrom(300, 1_500, 3_000, 6_000, 10_000, 18_000, 25_000, 250_000) }),
  ),
  weighted(4, fc.record({ does: fc.constant("life" as const), ms: fc.constantFrom(100, 1_000, 12_000) })),
  weighted(3, fc.record({ does: fc.constant("stall" as const), who, ms: fc.constantFrom(1_000, 10_000, 21_000) })),
  weighted(12, fc.record({ does: fc.constant("fetch" as const), who, refused: fc.constantFrom(false, false, false, true) })),
  weighted(7, fc.record({ does: fc.constant("stampede" as const), on: fc.constantFrom("fetch" as const, "renew" as const) })),
  weighted(3, fc.record({ does: fc.constant("abort" as const), which: fc.nat(9) })),
  weighted(8, fc.record({ does: fc.constant("renew" as const), who })),
  weighted(6, fc.record({ does: fc.constantFrom("invalidate" as const, "logout" as const), who })),
  weighted(4, fc.record({ does: fc.constantFrom("close" as const, "crash" as const, "open" as const), who })),
  weighted(4, fc.record({ does: fc.constantFrom("freeze" as const, "thaw" as const), who })),
  weighted(4, fc.record({ does: fc.constant("login" as const), who, user })),
  weighted(4, fc.record({ does: fc.constantFrom("kill tokens" as const, "steal the lock" as const) })),
  weighted(1, fc.record({ does: fc.constant("set the clocks" as const), by: fc.constantFrom(10_000, -10_000, 3_600_000, -86_400_000) })),
  weighted(
    4,
    fc.record({
      does: fc.constant("grant trouble" as const),
      grant: fc.constantFrom("login" as const, "refresh" as const),
      kind: fc.constantFrom<GrantTrouble[]>("lost", "answer lost", "throttled", "out of order", "hangs", "done, but hangs"),
      times,
    }),
  ),
  weighted(
    2,
    fc.record({
      does: fc.constant("store trouble" as const),
      operation: fc.constantFrom("load" as const, "save" as const),
      kind: fc.constantFrom<StoreTrouble[]>("fails", "done, but fails", "hangs", "done, but hangs"),
      times,
    }),
  ),
  weighted(1, fc.record({ does: fc.constant("api trouble" as const), times })),
];

interface Kind {
  readonly instances: { readonly min: number; readonly max: number };
  readonly instance?: fc.Arbitrary<InstancePlan>;
  readonly store?: WorldPlan["store"];
  readonly locks?: readonly LockKind[];
  readonly special?: WorldPlan["special"];
  readonly steps?: readonly fc.WeightedArbitrary<Step>[];
}

/** Schedules of worlds of one kind: some instances of one store, with one of these locks. */
export function schedules({
  instances: { min, max },
  instance = anyInstance,
  store = "shared",
  locks = ["missing"],
  special,
  steps = anyStep,
}: Kind): fc.Arbitrary<Schedule> {
  const world: fc.Arbitrary<WorldPlan> = fc.record({
    instances: fc.array(instance, { minLength: min, maxLength: max }),
    store: fc.constant(store),
    lock: fc.constantFrom(...locks),
    watched: fc.boolean(),
    issuer,
    stored: fc.constantFrom(true, true, false),
    chance: fc.nat(),
    ...(special && { special: fc.constant(special) }),
  });
  return fc.record({ world, steps: fc.array(fc.oneof(...steps), { minLength: 1, maxLength: 24, size: "max" }) });
}

const answers = weighted(24, fc.record({ does: fc.constant("answers" as const), count: fc.integer({ min: 1, max: 9 }) }));
const life = weighted(8, fc.record({ does: fc.constant("life" as const), ms: fc.constantFrom(100, 1_000, 12_000, 25_000) }));
const fetches = weighted(12, fc.record({ does: fc.constant("fetch" as const), who, refused: fc.constantFrom(false, false, false, true) }));
const renewals = weighted(10, fc.record({ does: fc.constant("renew" as const), who }));
const killedTokens = weighted(3, fc.record({ does: fc.constant("kill tokens" as const) }));

/** The store is away for a while in which people log in, and tokens are renewed. */
export const outages = (instances: Kind["instances"]): fc.Arbitrary<Schedule> =>
  schedules({
    ...{ instances, special: "outages", locks: ["missing", "good"], instance: instance(["none", "none", "given"]) },
    steps: [
      ...[answers, life, fetches, renewals, killedTokens],
      weighted(
        8,
        fc.record({ does: fc.constant("outage" as const), of: fc.constantFrom("saves" as const, "all" as const, "none" as const) }),
      ),
      weighted(6, fc.record({ does: fc.constant("login" as const), who, user: fc.constant(ada) })),
      weighted(2, fc.record({ does: fc.constantFrom("logout" as const, "open" as const), who })),
    ],
  });

/** Requests end, as in Workers, and what they began never goes on: answers, timers, and what waits for them. */
export const endingRequests = (kind: Pick<Kind, "instances" | "store">): fc.Arbitrary<Schedule> =>
  schedules({
    ...{ ...kind, special: "requests that end", instance: instance(["given", "asked for"]) },
    steps: [
      ...[answers, life, fetches, renewals, killedTokens],
      weighted(8, fc.record({ does: fc.constant("end a request" as const), who, which: fc.nat(5) })),
      weighted(2, fc.record({ does: fc.constantFrom("logout" as const, "invalidate" as const), who })),
    ],
  });

/** Logins ask a person, who answers, declines, or does not answer before all is over. */
export const askedPeople = (kind: Pick<Kind, "instances" | "store" | "locks">): fc.Arbitrary<Schedule> =>
  schedules({
    ...{ ...kind, special: "a person", instance: instance(["given", "given", "asked for"], fc.constant("ada")) },
    steps: [
      ...[answers, life, fetches, renewals, killedTokens],
      weighted(
        8,
        fc.record({ does: fc.constant("answer as the person" as const), which: fc.nat(3), declines: fc.constantFrom(false, false, true) }),
      ),
      weighted(3, fc.record({ does: fc.constant("stampede" as const), on: fc.constantFrom("fetch" as const, "renew" as const) })),
      weighted(3, fc.record({ does: fc.constantFrom("crash" as const, "close" as const, "open" as const), who })),
      weighted(2, fc.record({ does: fc.constant("stall" as const), who, ms: fc.constantFrom(1_000, 21_000) })),
      weighted(2, fc.record({ does: fc.constant("login" as const), who, user: fc.constant(ada) })),
      weighted(1, fc.record({ does: fc.constant("logout" as const), who })),
    ],
  });
