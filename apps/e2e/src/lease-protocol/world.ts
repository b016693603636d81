// What instances do not decide: the server, the network, the lock, processes that freeze or die, and time.

import { ownSteps } from "./protocol.ts";
import type { Rules } from "./rules.ts";
import { change, finish, type Instance, nameOf, type Setting, type State, type Step, unlocked } from "./state.ts";

/** All that can happen next. */
export function steps(state: State, rules: Rules, setting: Setting): Step[] {
  const all = state.instances.flatMap((instance, index) => [
    ...(instance.dead || instance.paused ? [] : ownSteps(state, index, rules, setting)),
    ...mishaps(state, index),
    ...serverSteps(state, index),
  ]);
  if (setting.lock === "lost" && state.lockedBy !== undefined)
    all.push({ label: `${nameOf(state.lockedBy)} loses the lock`, next: unlocked(state) });
  if (mayTick(state, rules)) all.push({ label: "time passes", next: tick(state) });
  return all;
}

/** What befalls an instance. */
function mishaps(state: State, index: number): Step[] {
  const instance = state.instances[index] as Instance;
  const name = nameOf(index);
  const { pauses, crashes, losses } = state;
  const inSend = ["sending", "asking", "saving"].includes(instance.at);
  const happen: Step[] = [];
  if (instance.dead || instance.at === "done" || instance.at === "ended") return happen;
  if (instance.paused) happen.push({ label: `${name} goes on`, next: change(state, index, { paused: undefined }) });
  else if (pauses > 0)
    happen.push({
      label: `${name} freezes`,
      next: { ...change(state, index, { paused: true, slept: inSend ? true : undefined }), pauses: pauses - 1 },
    });
  if (crashes > 0)
    happen.push({ label: `${name} dies`, next: { ...finish(change(state, index, { dead: true }), index), crashes: crashes - 1 } });
  if (losses > 0 && instance.answer !== undefined) {
    happen.push({
      label: `the answer to ${name} is lost`,
      next: { ...change(state, index, { answer: undefined, left: 0 }), losses: losses - 1 },
    });
  }
  return happen;
}

/** The server rotates strictly: a refresh token works once. It answers when it likes. */
function serverSteps(state: State, index: number): Step[] {
  const { at, from, answer, left = 0 } = state.instances[index] as Instance;
  if (at !== "sending" || answer !== undefined || left === 0) return [];
  const label = `the server answers ${nameOf(index)}`;
  if (from !== state.server) return [{ label, next: change(state, index, { answer: "refused" }) }];
  const issued = state.issued + 1;
  return [{ label, next: { ...change(state, index, { answer: issued }), ...{ server: issued, issued } } }];
}

/** Time passes where that changes anything. Whoever runs gives up in time, saves in time, and renews in time. */
function mayTick({ instances, record: { lease } }: State, { renewsWhileAsking }: Rules): boolean {
  const isDue = ({ at, left, paused, slept, dead }: Instance, index: number) =>
    !paused &&
    !dead &&
    ((at === "saving" && !slept) ||
      (at === "sending" && left === 0) ||
      (at === "asking" && !slept && renewsWhileAsking && lease?.by === index && lease.left === 1));
  const matters = (lease?.left ?? 0) > 0 || instances.some(({ left = 0 }) => left > 0);
  return matters && !instances.some(isDue);
}

function tick(state: State): State {
  const { record } = state;
  const { lease } = record;
  const less = (left: number) => Math.max(0, left - 1);
  const instances = state.instances.map((instance) =>
    instance.left === undefined ? instance : { ...instance, left: less(instance.left) },
  );
  return { ...state, instances, record: lease ? { ...record, lease: { ...lease, left: less(lease.left) } } : record };
}
