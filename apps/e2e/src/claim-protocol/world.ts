// What holders do not decide: the server, the network, the lock, processes that freeze or die, and time.

import { ownSteps, type Rules } from "./protocol.ts";
import { change, finish, type Holder, nameOf, type Setting, type State, type Step, unlocked } from "./state.ts";

/** All that can happen next. */
export function steps(state: State, rules: Rules, setting: Setting): Step[] {
  const all = state.holders.flatMap((holder, index) => [
    ...(holder.dead || holder.paused ? [] : ownSteps(state, index, rules, setting)),
    ...mishaps(state, index),
    ...serverSteps(state, index),
  ]);
  if (setting.lock === "lost" && state.lockedBy !== undefined)
    all.push({ label: `${nameOf(state.lockedBy)} loses the lock`, next: unlocked(state) });
  if (mayTick(state)) all.push({ label: "time passes", next: tick(state) });
  return all;
}

/** What befalls a holder. */
function mishaps(state: State, index: number): Step[] {
  const holder = state.holders[index] as Holder;
  const name = nameOf(index);
  const { pauses, crashes, losses } = state;
  const inTrade = holder.at === "sending" || holder.at === "saving";
  const happen: Step[] = [];
  if (holder.dead || holder.at === "done" || holder.at === "ended") return happen;
  if (holder.paused) happen.push({ label: `${name} goes on`, next: change(state, index, { paused: undefined }) });
  else if (pauses > 0)
    happen.push({
      label: `${name} freezes`,
      next: { ...change(state, index, { paused: true, slept: inTrade ? true : undefined }), pauses: pauses - 1 },
    });
  if (crashes > 0)
    happen.push({ label: `${name} dies`, next: { ...finish(change(state, index, { dead: true }), index), crashes: crashes - 1 } });
  if (losses > 0 && holder.answer !== undefined) {
    happen.push({
      label: `the answer to ${name} is lost`,
      next: { ...change(state, index, { answer: undefined, left: 0 }), losses: losses - 1 },
    });
  }
  return happen;
}

/** The server rotates strictly: a refresh token works once. It answers when it likes. */
function serverSteps(state: State, index: number): Step[] {
  const { at, traded, answer, left = 0 } = state.holders[index] as Holder;
  if (at !== "sending" || answer !== undefined || left === 0) return [];
  const label = `the server answers ${nameOf(index)}`;
  if (traded !== state.server) return [{ label, next: change(state, index, { answer: "refused" }) }];
  return [{ label, next: { ...change(state, index, { answer: state.server + 1 }), server: state.server + 1 } }];
}

/** Time passes where that changes anything. Whoever runs gives up in time, and saves in time. */
function mayTick({ holders, record }: State): boolean {
  const isDue = ({ at, left, paused, slept, dead }: Holder) =>
    !paused && !dead && ((at === "saving" && !slept) || (at === "sending" && left === 0));
  const matters = (record.claim?.left ?? 0) > 0 || holders.some(({ left = 0 }) => left > 0);
  return matters && !holders.some(isDue);
}

function tick(state: State): State {
  const { record } = state;
  const { claim } = record;
  const less = (left: number) => Math.max(0, left - 1);
  const holders = state.holders.map((holder) => (holder.left === undefined ? holder : { ...holder, left: less(holder.left) }));
  return { ...state, holders, record: claim ? { ...record, claim: { ...claim, left: less(claim.left) } } : record };
}
