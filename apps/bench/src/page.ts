import { cpus } from "node:os";
import type { Peer } from "./peer.ts";
import { lifetimes, type Results } from "./results.ts";
import { scenarios } from "./scenarios/index.ts";
import type { Steady } from "./steady.ts";

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const microseconds = (value: number): string => `${value.toFixed(1)} µs`;
const kilobytes = (value: number): string => `${(value / 1000).toFixed(1)} kB`;

/** What of the results a reader sees: the tables between the markers of docs/benchmarks.md. */
export function page(peers: readonly Peer[], results: Results, versionOf: (peer: Peer) => string): string {
  const { outcomes, steady, costs, sizes } = results;
  const titles = [...scenarios.map(({ name }) => name), ...lifetimes.map((lifetime) => `steady, ${lifetime} s tokens`)];
  const rows = peers.map((peer) => [
    `**${peer.name}**`,
    ...(outcomes.get(peer.name) ?? []).map(({ text, good }) => (good === false ? text : `${good ? "✓ " : ""}${text}`)),
    ...(steady.get(peer.name) ?? []).map(steadyCell),
  ]);
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})`;
  return [
    "## What each does",
    `A ✓ is what one would want. ${machine}.`,
    markdown(["", ...titles], rows),
    [...scenarios, ...steadyColumns()].map(({ name, explained }) => `- **${name}**: ${explained}.`).join("\n"),
    "## What a call costs",
    "Over the same client without authentication, in process: time (median, and 10th percentile), bytes allocated.",
    markdown(
      ["", "median", "10th percentile", "heap"],
      costs.map(({ name, time, heap }) => [`**${name}**`, microseconds(time.median), microseconds(time.p10), kilobytes(heap)]),
    ),
    "## Who was measured",
    "Bundled: what is imported here, minified, brotli; without ky and axios, which stand beneath.",
    markdown(
      ["", "version", "bundled", "to know"],
      peers.map((peer) => [`**${peer.name}**`, versionOf(peer), sizeCell(sizes.get(peer.name)), peer.note ?? ""]),
    ),
  ].join("\n\n");
}

const sizeCell = (bytes: number | undefined): string => (bytes === undefined ? "" : kilobytes(bytes));

function steadyCell({ calls, failures, unauthorized, tokenRequests, waited, lifetimes }: Steady): string {
  const parts = [`${tokenRequests} refreshes`, `${waited} waited`];
  if (unauthorized > 0) parts.push(`${unauthorized} got a 401`);
  if (failures > 0) parts.push(`${failures} failed`);
  const good = failures + unauthorized + waited === 0 && tokenRequests <= lifetimes + 1;
  return `${good ? "✓ " : ""}${parts.join(", ")} of ${calls}`;
}

function steadyColumns(): { readonly name: string; readonly explained: string }[] {
  return [
    {
      name: "steady",
      explained:
        "600 calls over six lifetimes of an access token, on a clock turned by hand; the API takes 20 ms, the token endpoint 300 ms: refreshes, calls that took longer than the API does, 401s, failures",
    },
  ];
}
