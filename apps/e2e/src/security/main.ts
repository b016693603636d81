// npm run check:security [-- --runs N] [--seed N] [--only NAME] [--short] [--write]
// Attacks sessions through the packages' public API, with values at random. `--runs` is how many inputs the quickest attacks
// try, 5,000 by default; `--write` keeps the output in docs/proofs.md.
import { parseArgs } from "node:util";
import { recordProof } from "../../../../scripts/proofs.ts";
import { attacks } from "./attacks.ts";
import { report } from "./report.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const { values } = parseArgs({ options: { runs: text, seed: text, only: text, short: flag, write: flag } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const runs = Number(values.runs ?? (values.short ? 100 : 5_000));
const chosen = attacks.filter(({ name }) => name.includes(values.only ?? ""));

if (!Number.isInteger(seed) || !(runs >= 1)) throw new TypeError("--seed must be an integer, and --runs a number of 1 or more");
if (chosen.length === 0) throw new TypeError(`--only must be part of a name: ${attacks.map(({ name }) => `"${name}"`).join(", ")}`);

const { lines, failed } = await report(chosen, { runs, seed }, (line) => void process.stderr.write(`${line}\n`));
process.stdout.write(`${lines.join("\n")}\n`);
if (values.write) recordProof("security", lines.join("\n"));
process.exit(failed ? 1 : 0); // what hangs keeps the process alive
