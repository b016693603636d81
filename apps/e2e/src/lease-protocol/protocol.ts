// The lease protocol, reduced to what decides who may send a refresh token or ask a person, and to steps as small as they
// can be interrupted. It reads beside docs/architecture.md, "The exchange among holders". Time counts in ticks.

import { askingSteps } from "./asking.ts";
import { leaseTime, type Rules, saveTime, sendTime } from "./rules.ts";
import {
  type Changes,
  change,
  doubtOf,
  finish,
  type Instance,
  isLeased,
  nameOf,
  type Setting,
  type State,
  type Step,
  type StoredRecord,
  write,
} from "./state.ts";

/** What one lease that lapsed leaves to the next: a doubt, if its owner may have sent the refresh token. */
function doubtAbout(record: StoredRecord, index: number): Pick<StoredRecord, "maybeSpent"> {
  const { lease } = record;
  return lease && lease.by !== index && !lease.asking ? { maybeSpent: true } : doubtOf(record);
}

/** What one instance can do next. */
export function ownSteps(state: State, index: number, rules: Rules, { lock, asks }: Setting): Step[] {
  const instance = state.instances[index] as Instance; // the caller counts them
  const { record, lockedBy } = state;
  const step = (what: string, next: State): Step[] => [{ label: `${nameOf(index)} ${what}`, next }];
  const become = (changes: Changes, before: State = state) => change(before, index, changes);
  const leased = isLeased(state, index);

  switch (instance.at) {
    case "reading": {
      if (lock !== "none" && lockedBy === undefined) return step("takes the lock", { ...state, lockedBy: index });
      if (lock === "kept" && lockedBy !== index) return [];
      if (record.over) return step("reads that a login is needed", finish(become({ at: "ended" }), index));
      if (record.tokens > instance.tokens)
        return step("takes over what it reads", finish(become({ at: "done", tokens: record.tokens }), index));
      if (rules.leases && leased && !(rules.lockOverrides && lockedBy === index)) return []; // waits for a newer record, or for the lease to lapse
      const login = asks === "at once" || (asks === "in doubt" && doubtAbout(record, index).maybeSpent) || undefined;
      return step("reads", become({ at: rules.leases ? "leasing" : "looking", current: true, login }));
    }
    case "leasing":
      if (!instance.current && rules.comparesAndSets) return step("is refused its lease", become({ at: "reading" }));
      return step(
        "takes the lease",
        become(
          { at: "looking", current: true },
          write(state, { tokens: record.tokens, ...doubtAbout(record, index), lease: { by: index, left: leaseTime } }),
        ),
      );
    case "looking": {
      const left = record.lease?.by === index ? record.lease.left : 0;
      const needed = { "covers send and save": sendTime + saveTime, "covers the send": sendTime, none: 0 }[rules.look];
      if (rules.leases && left < needed) return step("finds its lease too short", become({ at: "reading" }));
      if (instance.login) return step("asks a person", beginAsking(state, index, rules));
      return step("sends", {
        ...become({ at: "sending", from: instance.tokens, left: sendTime }),
        ...violationOf(state, instance.tokens, asks),
      });
    }
    case "sending": {
      const { answer, left } = instance;
      const over = { left: undefined, answer: undefined };
      if (answer === "refused") {
        const told = instance.current ? write(state, { tokens: record.tokens, ...doubtOf(record), over: true }) : state;
        return step("is refused", finish(become({ ...over, at: "ended" }, told), index));
      }
      if (answer !== undefined) return step("gets tokens", become({ ...over, at: "saving", tokens: answer }));
      if (left !== 0) return [];
      const without = instance.current ? write(state, { tokens: record.tokens, ...doubtOf(record) }) : state;
      return step(
        "gives up, and its lease back",
        finish(become({ ...over, at: "reading", from: undefined, current: false, slept: undefined }, without), index),
      );
    }
    case "asking":
      return askingSteps(state, index, rules);
    case "saving": {
      const newer = record.tokens > (instance.from ?? 0) && (rules.givesWay || !instance.login);
      if (newer) return step("takes over what is newer", finish(become({ at: "done", tokens: record.tokens }), index));
      if (!instance.current && rules.comparesAndSets) {
        // Whoever asks a person sends no refresh token: it will find what is saved now.
        return leased && !record.lease?.asking ? [] : step("is refused its save, and reads", become({ current: true }));
      }
      return step("saves", {
        ...finish(become({ at: "done" }, write(state, { tokens: instance.tokens })), index),
        ...(newerIsLost(state, instance) && { violation: "a newer token set is given up" }),
      });
    }
    default:
      return [];
  }
}

/** A login that asks: the lock is given back, the lease is kept and says so. */
function beginAsking(state: State, index: number, { keepsDoubt }: Rules): State {
  const { tokens, lease, ...record } = state.record;
  const told: StoredRecord = {
    tokens,
    ...(keepsDoubt && doubtOf(record as StoredRecord)),
    ...(lease && { lease: { ...lease, asking: true } }),
  };
  const next = finish(change(write(state, told), index, { at: "asking", from: tokens, current: true }), index);
  const others = state.instances.filter(({ at, paused, slept, dead }) => at === "asking" && !paused && !slept && !dead);
  return others.length > 0 ? { ...next, violation: "a person is asked by two instances at a time" } : next;
}

/** The record holds what was got by a login that began later than this one, or by one that was saved meanwhile. */
function newerIsLost({ record }: State, { from = 0, login }: Instance): boolean {
  return login === true && record.tokens > from;
}

/**
 * The law: no refresh token is sent by two instances at a time, nor again once an answer has reached the record, or somebody
 * who is about to save it. Where a person can be asked instead, nor after the server took it, whoever may have got the answer.
 */
function violationOf({ instances, record, server }: State, tokens: number, asks: Setting["asks"]): Pick<State, "violation"> {
  const sending = instances.some(({ at, from, left = 0 }) => at === "sending" && from === tokens && left > 0);
  if (sending) return { violation: "a refresh token is sent by two instances at a time" };
  const saving = instances.some(
    ({ at, tokens: got, paused, slept, dead }) => at === "saving" && got > tokens && !paused && !slept && !dead,
  );
  const answered = saving || record.over || record.tokens > tokens;
  if (answered) return { violation: "a refresh token is sent again after an answer" };
  return asks !== "never" && server > tokens ? { violation: "a refresh token that was spent is sent though a person could be asked" } : {};
}
