import type { Rules } from "./rules.ts";
import { initial, type Setting, type State } from "./state.ts";
import { steps } from "./world.ts";

/** What a search of all that can happen has found. */
export interface Finding {
  /** How many different states there are. */
  readonly states: number;
  /** The first thing that should never happen, or a state in which nothing can happen though somebody still waits. */
  readonly violation?: string;
  /** The shortest way there. */
  readonly way: readonly string[];
}

interface Visit {
  readonly state: State;
  readonly label: string;
  readonly from: Visit | undefined;
}

/** Visits every state that can be reached, nearest first, until one is a violation. */
export function search(rules: Rules, setting: Setting): Finding {
  const start: Visit = { state: initial(setting), label: "start", from: undefined };
  const seen = new Set([keyOf(start.state)]);
  let visits: Visit[] = [start];
  while (visits.length > 0) {
    const further: Visit[] = [];
    for (const visit of visits) {
      const next = steps(visit.state, rules, setting);
      const violation = visit.state.violation ?? (next.length === 0 && isStuck(visit.state) ? "somebody waits for ever" : undefined);
      if (violation) return { states: seen.size, violation, way: wayTo(visit) };
      for (const { label, next: state } of next) {
        const key = keyOf(state);
        if (seen.has(key)) continue;
        seen.add(key);
        further.push({ state, label, from: visit });
      }
    }
    visits = further;
  }
  return { states: seen.size, way: [] };
}

/** Two states are the same if all that matters of them is. */
function keyOf({ instances, record, server, issued, lockedBy, pauses, crashes, losses, violation }: State): string {
  const members = instances.map(({ at, tokens, current, login, from, left, answer, paused, slept, dead }) =>
    [at, tokens, current, login, from, left, answer, paused, slept, dead].join(),
  );
  const { tokens, lease, maybeSpent, over } = record;
  const stored = [tokens, lease?.by, lease?.left, lease?.asking, maybeSpent, over];
  return [...members, ...stored, server, issued, lockedBy, pauses, crashes, losses, violation].join(";");
}

function isStuck({ instances }: State): boolean {
  return instances.some(({ at, dead }) => !dead && at !== "done" && at !== "ended");
}

function wayTo(visit: Visit): string[] {
  const way: string[] = [];
  for (let step: Visit | undefined = visit; step?.from; step = step.from) way.unshift(step.label);
  return way;
}
