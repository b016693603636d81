import { flagOf, KnobError, readKnob } from "./knob.ts";
import type { AnyControl, Vendor } from "./vendors.ts";

interface Order {
  readonly does: string;
  readonly run: (control: AnyControl) => string;
}

type Knobs = Vendor["knobs"];

const orders: Readonly<Record<string, Order>> = {
  expire: {
    does: "access tokens die now, on the server only",
    run: (control) => {
      control.expireAccess();
      return "all access tokens are dead";
    },
  },
  revoke: {
    does: "refresh tokens die now",
    run: (control) => {
      if (!control.revokeRefresh) return "this vendor has no refresh tokens";
      control.revokeRefresh();
      return "all refresh tokens are dead";
    },
  },
  reset: {
    does: "back to the start: users, tokens, counters",
    run: (control) => {
      control.reset();
      return "as new";
    },
  },
};

const turning = "set <option> <value>";

/** What can be typed while an emulator runs. */
export function orderList({ change }: Pick<AnyControl, "change">): string {
  const rows = Object.entries(orders).map(([word, { does }]): [string, string] => [word, does]);
  if (change) rows.push([turning, "an option has this value from now on"]);
  return rows.map(([words, does]) => `  ${words.padEnd(change ? 23 : 8)}${does}`).join("\n");
}

/** Does what was typed; answers what has happened, or what could have been typed. Nothing for an empty line. */
export function obey(line: string, control: AnyControl, knobs: Knobs): string | undefined {
  const [word = "", flag = "", ...value] = line.trim().split(/\s+/);
  if (word === "") return undefined;
  if (word === "set" && control.change) return turn(control.change, knobs, flag, value.join(" "));
  return Object.hasOwn(orders, word) && flag === "" ? orders[word]?.run(control) : `type one of these:\n${orderList(control)}`;
}

function turn(change: NonNullable<AnyControl["change"]>, knobs: Knobs, flag: string, value: string): string {
  const [option, knob] = Object.entries(knobs).find(([name]) => flagOf(name) === flag.replace(/^--/, "")) ?? [];
  if (option === undefined || knob === undefined || option === "seed") return `${turning}: --help lists the options`;
  try {
    change({ [option]: readKnob(option, knob, value) });
    return `${flagOf(option)} is ${value === "" ? "empty" : value} from now on`;
  } catch (error) {
    if (error instanceof KnobError) return error.message;
    throw error;
  }
}
