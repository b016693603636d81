import type { Moment } from "./timeline.ts";

/** What the overview has a tab do. */
export type TabOrder = { readonly order: "log-in" } | { readonly order: "log-out" } | { readonly order: "burst"; readonly size: number };

/** What a tab tells the overview; times are ms since the epoch, as each page has a clock of its own. */
export type TabNews =
  | { readonly tab: number; readonly moment: Moment }
  | { readonly tab: number; readonly state: string }
  | { readonly tab: number; readonly problem: string };

/** The moment, its times moved by so many ms. */
export function moved(moment: Moment, by: number): Moment {
  const at = moment.at + by;
  return moment.type === "token" ? { ...moment, at, expiresAt: moment.expiresAt + by } : { ...moment, at };
}
