// The full counts of what tabs are proved by, in every browser there is: `npm run check:tabs [-- <engine> …]`. Exit status 1 if one is wrong.
import { table } from "../../../../scripts/table.ts";
import type { Engine } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import {
  anotherUser,
  closedAmong,
  closedLeader,
  closedNext,
  closedStarter,
  closings,
  expiries,
  frozen,
  hidden,
  logout,
  type Proof,
  slowEndpoint,
} from "./proofs.ts";

/** Where the documentation says that something is not safe, it is shown and not a failure. */
const proofs: readonly (readonly [proof: Proof, runs: number, notSafeIn?: string])[] = [
  [expiries("store"), 30],
  [expiries("worker"), 30],
  [closedLeader, 10],
  [closedStarter, 10],
  [closedNext, 10],
  [closedAmong, 10, "WebKitGTK"],
  [closings, 10],
  [slowEndpoint("store"), 1],
  [slowEndpoint("worker"), 1],
  [logout("store"), 1],
  [logout("worker"), 1],
  [anotherUser("store"), 5],
  [anotherUser("worker"), 5],
  [frozen("store"), 1],
  [frozen("worker"), 1],
  [hidden, 1],
];

const rows: string[][] = [];
let problems = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function prove(engine: Engine): Promise<void> {
  const browser = await engine.launch();
  const title = `${engine.name} ${browser.version}`;
  try {
    for (const [proof, runs, notSafeIn] of proofs) {
      const { name, found, wrong } = await proof(browser, { runs, tell: (news) => say(`${engine.name}  ${news}`) });
      for (const problem of wrong) say(`${engine.name}  ${name}: ${problem}`);
      const isNotSafe = notSafeIn === engine.name;
      if (!isNotSafe) problems += wrong.length;
      const verdict = wrong.length === 0 ? "ok" : "WRONG";
      rows.push([title, name, found, isNotSafe ? "not safe" : verdict]);
    }
  } finally {
    await browser.close();
  }
}

const startedAt = performance.now();
const asked = process.argv.slice(2);
const known = engines.map(({ name }) => name);
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`unknown engine: ${unknown.join(", ")} (there are ${known.join(", ")})\n`);
  process.exitCode = 2;
} else {
  for (const engine of engines.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    if (engine.installed) await prove(engine);
    else rows.push([engine.name, "not installed", "", "LEFT OUT"]);
  }
  say(`\n${table(["engine", "what", "counted by the server", ""], rows)}\n`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  say(`${problems === 0 ? "All counts are what they must be" : "WRONG"} (${seconds} s, Node ${process.version})`);
  process.exitCode = problems === 0 ? 0 : 1;
}
