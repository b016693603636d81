import type { Answered } from "./grant-laws.ts";
import type { Sender } from "./ledger.ts";
import type { Time } from "./time.ts";

/** Who sent which refresh token when, and what came of it. */
export interface Spending {
  /** A refresh token leaves; the function returned takes the answer. */
  send(sender: Sender, refreshToken: string): Answered;
  /** Something befell an instance for which it cannot be blamed: its process stopped, or its store failed it. */
  disturbed(sender: Sender): void;
  /** The store is asked; the function returned says that it has answered. An answer after 2 s is one too late. */
  storeCall(sender: Sender): () => void;
  /** One that is dead sent it, and nobody knows what came of that. */
  isLeftBehind(refreshToken: string): boolean;
  /** `since`: ms since the race began; default: ever. */
  isDisturbed(sender: Sender, since?: number): boolean;
  /** Whether anything befell anybody so far, the clocks included. */
  wasDisturbed(): boolean;
}

interface Send {
  readonly sender: Sender;
  readonly startedAt: number;
  endedAt?: number;
  /** The same by its sender's clock, from which others read how long to wait. */
  told?: number;
  outcome?: "answered" | "lost" | "put off";
}

/** From the first send to the last answer; a process that was stopped meanwhile need not have noticed. */
export const requestLimit = 16_000;
const storeWait = 2_000;
/** The least time between two renewals that send the same token. */
const pause = 1_000;

export function createSpending(time: Time, breaks: (law: string) => void): Spending {
  const sends = new Map<string, Send[]>();
  const disturbedAt = new Map<Sender, number>();
  const asked = new Map<Sender, Set<{ readonly since: number }>>();

  function lastDisturbed(sender: Sender): number {
    const late = [...(asked.get(sender) ?? [])].filter(({ since }) => time.elapsed - since >= storeWait);
    return late.length > 0 ? time.elapsed : (disturbedAt.get(sender) ?? -Infinity);
  }

  /** [84, 103]: one at a time, never after an answer, and after a lost one once more before a pause. */
  function check({ process }: Sender, refreshToken: string, before: readonly Send[]): void {
    const [first] = before;
    if (!first) return;
    const excused = Math.max(time.jumpedAt, ...before.map(({ sender }) => lastDisturbed(sender))) >= first.startedAt;
    if (excused) return;
    const again = `${process.name} sends ${refreshToken}`;
    if (before.some(({ endedAt, startedAt }) => endedAt === undefined && time.elapsed - startedAt < requestLimit)) {
      breaks(`[103] ${again} while it is being sent`);
    }
    if (before.some(({ outcome }) => outcome === "answered")) breaks(`[103] ${again} after it was answered`);
    const lost = before.filter(({ outcome }) => outcome === "lost");
    const [earlier] = lost.slice(-2, -1);
    if (earlier && process.clock.now() - (earlier.told ?? 0) < pause) breaks(`[84] ${again} a third time without a pause`);
  }

  return {
    send(sender, refreshToken) {
      const before = sends.get(refreshToken) ?? [];
      check(sender, refreshToken, before);
      const own: Send = { sender, startedAt: time.elapsed };
      sends.set(refreshToken, [...before, own]);
      const end = (outcome: Send["outcome"]) => Object.assign(own, { outcome, endedAt: time.elapsed, told: sender.process.clock.now() });
      return (answer) =>
        answer.then(
          (value) => {
            end("answered");
            return value;
          },
          (error) => {
            if (error.code === "refresh-rejected") end("answered");
            else end(error.status === undefined ? "lost" : "put off");
            throw error;
          },
        );
    },
    isLeftBehind: (refreshToken) =>
      (sends.get(refreshToken) ?? []).some(({ sender, outcome }) => sender.process.dead && outcome === undefined),
    disturbed: (sender) => void disturbedAt.set(sender, time.elapsed),
    storeCall(sender) {
      const call = { since: time.elapsed };
      const own = asked.get(sender) ?? new Set();
      asked.set(sender, own.add(call));
      return () => {
        own.delete(call);
        if (time.elapsed - call.since >= storeWait) disturbedAt.set(sender, time.elapsed);
      };
    },
    isDisturbed: (sender, since = 0) => lastDisturbed(sender) >= since,
    wasDisturbed: () => time.jumpedAt > -Infinity || [...asked.keys()].some((sender) => lastDisturbed(sender) > -Infinity),
  };
}
