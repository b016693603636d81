import type { AnyControl } from "./vendors.ts";

interface Order {
  readonly does: string;
  readonly run: (control: AnyControl) => string;
}

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

/** What can be typed while an emulator runs. */
export const orderList: string = Object.entries(orders)
  .map(([word, { does }]) => `  ${word.padEnd(8)}${does}`)
  .join("\n");

/** Does what was typed; answers what has happened, or what could have been typed. Nothing for an empty line. */
export function obey(line: string, control: AnyControl): string | undefined {
  const word = line.trim();
  if (word === "") return undefined;
  return Object.hasOwn(orders, word) ? orders[word]?.run(control) : `type one of these:\n${orderList}`;
}
