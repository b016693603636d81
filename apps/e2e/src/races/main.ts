// npm run check:races [-- --runs N] [--seed N] [--world NAME] [--path P]
// Lives through that many random schedules, 100,000 by default, in the worlds whose names hold NAME, in all by default.
// A path, as a failure prints it, lives through that one again.
import { parseArgs } from "node:util";
import * as core from "@keyturn/core";
import { check } from "./check.ts";
import { anyOf, comingWorlds, worlds } from "./worlds.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { runs: text, seed: text, world: text, path: text } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const schedules = Number(values.runs ?? 100_000);
const chosen = values.world === undefined ? worlds : [...worlds, ...comingWorlds].filter(({ name }) => name.includes(values.world ?? ""));
const say = (line: string) => void process.stdout.write(`${line}\n`);
const amount = (count: number) => count.toLocaleString("en");

if (!Number.isInteger(seed) || !(schedules >= 1)) throw new TypeError("--seed must be an integer, and --runs a number of 1 or more");
if (chosen.length === 0)
  throw new TypeError(`--world must be part of a name: ${[...worlds, ...comingWorlds].map(({ name }) => `"${name}"`).join(", ")}`);
const where = chosen !== worlds ? ` in ${chosen.map(({ name }) => `"${name}"`).join(", ")}` : "";
say(`${values.path ? "the schedule at that path" : `${amount(schedules)} schedules`}${where}, seed ${seed}`);

const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
let runs = 0;
let told = 0;
const onRun = () => {
  runs++;
  if (seconds() < told + 5) return;
  told = seconds();
  say(`${amount(runs).padStart(9)} schedules  ${Math.round(runs / told)}/s`);
};

const broken = await check(
  core,
  anyOf(chosen),
  { seed, schedules, path: values.path, options: values.world ? ` --world "${values.world}"` : "" },
  onRun,
);
const { user, system } = process.cpuUsage();
const perSecond = Math.round(runs / ((user + system) / 1_000_000));
say(
  broken ??
    `${amount(runs)} schedules, no law broken${where}, seed ${seed}, ${Math.round(seconds())} s, ${amount(perSecond)} per second of CPU`,
);
if (broken) process.exitCode = 1;
