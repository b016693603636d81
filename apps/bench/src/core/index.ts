// `npm run bench -- core`: what this core costs beside the former one, measured in turns in one process.
import { runChild } from "../child.ts";
import { median } from "../statistics.ts";
import { currentCore, formerCommit, formerCore } from "./cores.ts";
import type { CallName, CoreCost } from "./measure.ts";

/** A nursery in which nothing is collected while a call's heap is measured. */
const flags = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];

/** Bytes at most: what fails. Times depend on the machine and are only told. */
const limits = {
  call: 1_300,
  /** Of c80f965, in which every session had a store: `npm run bench -- core` on Node 24, 5,000 sessions that have logged in, median of three. */
  idleThen: 10_000,
  /** As shares of that; 2 % are noise. A session in memory is to take half of it, as soon as it knows no store. */
  idle: { withStore: 1.02, withoutStore: 1.02 },
};

/** Measures the heap of this core alone. */
export async function heapOfCore(): Promise<CoreCost> {
  const [cost] = (await runChild("core/measure.ts", ["heap", await currentCore()], flags)) as CoreCost[]; // our own file's output
  return cost as CoreCost; // of the one file
}

/** What of the limits is passed, in words. */
export function tooMuch({ heap, idle }: CoreCost): string[] {
  const { call, idleThen } = limits;
  const figures = [
    ["a call with a URL", heap.URL, call],
    ["a call with a URL and init", heap["URL and init"], call],
    ["an idle session with a store", idle.withStore, idleThen * limits.idle.withStore],
    ["an idle session without a store", idle.withoutStore, idleThen * limits.idle.withoutStore],
  ] as const;
  return figures
    .filter(([, bytes, limit]) => !(bytes <= limit))
    .map(([name, bytes, limit]) => `${name} takes ${Math.round(bytes)} B of heap, over ${limit} B`);
}

/** Measures both cores. */
export async function compareCores(): Promise<{ readonly table: string; readonly tooMuch: readonly string[] }> {
  const files = [await currentCore(), await formerCore()];
  const [now, then] = (await runChild("core/measure.ts", ["all", ...files], flags)) as [CoreCost, CoreCost]; // our own file's output, one for each
  const time = (title: string, name: CallName | "renewal"): string => {
    const ratios = now.time[name].map((value, round) => value / (then.time[name][round] ?? Number.NaN));
    return row(title, median(now.time[name]), median(then.time[name]), median(ratios), (value) => `${value.toFixed(2)} µs`);
  };
  const bytes = (title: string, ours: number, theirs: number): string =>
    row(title, ours, theirs, ours / theirs, (value) => `${Math.round(value).toLocaleString("en")} B`);
  const rows = [
    `| | this core | ${formerCommit} | ratio |`,
    "|---|---:|---:|---:|",
    time("a call with a fresh token, URL", "URL"),
    time("a call with a fresh token, URL and init", "URL and init"),
    time("a call with a fresh token, Request", "Request"),
    time("CPU of a renewal", "renewal"),
    bytes("heap of a call, URL", now.heap.URL, then.heap.URL),
    bytes("heap of a call, URL and init", now.heap["URL and init"], then.heap["URL and init"]),
    bytes("heap of a call, Request", now.heap.Request, then.heap.Request),
    bytes("heap of an idle session with a store", now.idle.withStore, then.idle.withStore),
    bytes("heap of an idle session without a store", now.idle.withoutStore, then.idle.withoutStore),
  ];
  return { table: rows.join("\n"), tooMuch: tooMuch(now) };
}

function row(title: string, ours: number, theirs: number, ratio: number, unit: (value: number) => string): string {
  return `| ${title} | ${unit(ours)} | ${unit(theirs)} | ${ratio.toFixed(2)} |`;
}
