// The claim protocol, reduced to what decides who may send a refresh token, and to steps as small as they can be
// interrupted. It reads beside docs/architecture.md, "The exchange among holders". Time counts in ticks.

import { type Changes, change, finish, type Holder, nameOf, type Setting, type State, type Step, write } from "./state.ts";

/** How long a claim stands, after what time a send is given up, and a save. */
const claimTime = 3;
const sendTime = 2;
const saveTime = 1;

/** The protocol as it is, or weakened in one point. */
export interface Rules {
  /** A holder writes its claim into the record before it sends. */
  readonly claims: boolean;
  /** What it looks for right before the send: that its claim covers it and the save after it, the send alone, or nothing. */
  readonly look: "covers send and save" | "covers the send" | "none";
  /** Whoever has the lock takes another's claim for void. */
  readonly lockOverrides: boolean;
  /** Saves name the record they replace, and are refused if another one stands there. */
  readonly comparesAndSets: boolean;
}

export const protocol: Rules = { claims: true, look: "covers send and save", lockOverrides: false, comparesAndSets: true };

/** What one holder can do next. */
export function ownSteps(state: State, index: number, rules: Rules, { lock }: Setting): Step[] {
  const holder = state.holders[index] as Holder; // the caller counts them
  const { record, lockedBy } = state;
  const step = (what: string, next: State): Step[] => [{ label: `${nameOf(index)} ${what}`, next }];
  const become = (changes: Changes, from: State = state) => change(from, index, changes);
  const claimed = record.claim !== undefined && record.claim.by !== index && record.claim.left > 0;

  switch (holder.at) {
    case "reading": {
      if (lock !== "none" && lockedBy === undefined) return step("takes the lock", { ...state, lockedBy: index });
      if (lock === "kept" && lockedBy !== index) return [];
      if (record.refused) return step("reads that a login is needed", finish(become({ at: "ended" }), index));
      if (record.tokens > holder.tokens) return step("adopts what it reads", finish(become({ at: "done", tokens: record.tokens }), index));
      if (rules.claims && claimed && !(rules.lockOverrides && lockedBy === index)) return []; // waits for a newer record, or for the claim to lapse
      return step("reads", become({ at: rules.claims ? "claiming" : "looking", current: true }));
    }
    case "claiming":
      if (!holder.current && rules.comparesAndSets) return step("is refused its claim", become({ at: "reading" }));
      return step(
        "claims",
        become({ at: "looking", current: true }, write(state, { tokens: record.tokens, claim: { by: index, left: claimTime } })),
      );
    case "looking": {
      const left = record.claim?.by === index ? record.claim.left : 0;
      const needed = { "covers send and save": sendTime + saveTime, "covers the send": sendTime, none: 0 }[rules.look];
      if (rules.claims && left < needed) return step("finds its claim too short", become({ at: "reading" }));
      return step("sends", { ...become({ at: "sending", traded: holder.tokens, left: sendTime }), ...violationOf(state, holder.tokens) });
    }
    case "sending": {
      const { answer, left } = holder;
      const over = { traded: undefined, left: undefined, answer: undefined };
      if (answer === "refused") {
        const told = holder.current ? write(state, { tokens: record.tokens, refused: true }) : state;
        return step("is refused", finish(become({ ...over, at: "ended" }, told), index));
      }
      if (answer !== undefined) return step("gets tokens", become({ ...over, at: "saving", tokens: answer }));
      if (left !== 0) return [];
      const without = holder.current ? write(state, { tokens: record.tokens }) : state;
      return step(
        "gives up, and its claim back",
        finish(become({ ...over, at: "reading", current: false, slept: undefined }, without), index),
      );
    }
    case "saving": {
      if (record.tokens > holder.tokens) return step("adopts what is newer", finish(become({ at: "done", tokens: record.tokens }), index));
      if (!holder.current && rules.comparesAndSets) return claimed ? [] : step("is refused its save, and reads", become({ current: true }));
      return step("saves", finish(become({ at: "done" }, write(state, { tokens: holder.tokens })), index));
    }
    default:
      return [];
  }
}

/** The law: no refresh token is sent by two holders at a time, nor again once an answer has reached the record, or somebody who is about to save it. */
function violationOf({ holders, record }: State, tokens: number): Pick<State, "violation"> {
  const sending = holders.some(({ at, traded, left = 0 }) => at === "sending" && traded === tokens && left > 0);
  if (sending) return { violation: "a refresh token is sent by two holders at a time" };
  const saving = holders.some(({ at, tokens: got, paused, slept, dead }) => at === "saving" && got > tokens && !paused && !slept && !dead);
  const answered = saving || record.refused || record.tokens > tokens;
  return answered ? { violation: "a refresh token is sent again after an answer" } : {};
}
