// What an instance does while a person is asked: it keeps its lease, and renews it; then it saves, gives way, or gives up.

import { leaseTime, type Rules } from "./rules.ts";
import { type Changes, change, doubtOf, finish, type Instance, nameOf, type State, type Step, write } from "./state.ts";

export function askingSteps(state: State, index: number, rules: Rules): Step[] {
  const instance = state.instances[index] as Instance; // the caller counts them
  const { record } = state;
  const { lease } = record;
  const step = (what: string, next: State): Step => ({ label: `${nameOf(index)} ${what}`, next });
  const become = (changes: Changes, before: State = state) => change(before, index, changes);

  if (!instance.current && rules.comparesAndSets && rules.givesWay) {
    if (record.tokens > (instance.from ?? 0)) return [step("takes over what is newer", become({ at: "done", tokens: record.tokens }))];
    if (record.over) return [step("reads that the person declined elsewhere", become({ at: "ended" }))];
    return [step("reads, and goes on asking", become({ current: true }))];
  }
  const own = lease?.by === index ? lease : undefined;
  const declined = own ? write(state, { tokens: record.tokens, ...(rules.keepsDoubt && doubtOf(record)), over: true }) : state;
  const issued = state.issued + 1;
  return [
    step("gets the person's answer", { ...become({ at: "saving", tokens: issued }), issued }),
    step("is declined, and gives its lease back", finish(become({ at: "ended" }, declined), index)),
    ...(rules.renewsWhileAsking && own && own.left < leaseTime
      ? [step("renews its lease", become({ current: true }, write(state, { ...record, lease: { ...own, left: leaseTime } })))]
      : []),
  ];
}
