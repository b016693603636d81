import { bundleSizes } from "./bundle-size.ts";
import { runChild } from "./child.ts";
import type { Cost } from "./cost.ts";
import type { Peer } from "./peer.ts";
import type { Outcome } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";
import type { Steady } from "./steady.ts";

/** Everything that was measured, by the peer's name. */
export interface Results {
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
  readonly steady: ReadonlyMap<string, readonly Steady[]>;
  readonly costs: readonly Cost[];
  /** Bytes. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Lifetimes of an access token in the steady traffic, in seconds. */
export const lifetimes: readonly number[] = [10, 600];

const nursery = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];

/** Measures all peers, side by side in each scenario. */
export async function measure(peers: readonly Peer[], tell: (news: string) => void): Promise<Results> {
  const outcomes = new Map<string, Outcome[]>(peers.map(({ name }) => [name, []]));
  for (const scenario of scenarios) {
    for (const peer of peers) {
      tell(`${scenario.name}: ${peer.name}`);
      outcomes.get(peer.name)?.push(await scenario.run(peer));
    }
  }
  const steady = new Map<string, Steady[]>();
  for (const { name } of peers) {
    tell(`steady traffic: ${name}`);
    const runs = [];
    for (const lifetime of lifetimes) runs.push((await runChild("steady.ts", [name, String(lifetime)])) as Steady); // our own file's output
    steady.set(name, runs);
  }
  tell("cost per call");
  const costs = (await runChild("cost.ts", [], nursery)) as Cost[]; // likewise
  return { outcomes, steady, costs, sizes: await bundleSizes(peers) };
}
