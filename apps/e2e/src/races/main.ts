// npm run check:races [-- --schedules N] [-- --seed N] [-- --path P]
// Lives through that many random schedules, 100,000 by default. A path, as a failure prints it, lives through that one again.
import { parseArgs } from "node:util";
import * as core from "@keyturn/core";
import { check } from "./check.ts";
import { anyWorld } from "./worlds.ts";

const { values } = parseArgs({ options: { schedules: { type: "string" }, seed: { type: "string" }, path: { type: "string" } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const schedules = Number(values.schedules ?? 100_000);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const amount = (count: number) => count.toLocaleString("en");

if (!Number.isInteger(seed) || !(schedules >= 1)) throw new TypeError("--seed must be an integer, and --schedules a number of 1 or more");
say(`${values.path ? "the schedule at that path" : `${amount(schedules)} schedules`}, seed ${seed}`);

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

const broken = await check(core, anyWorld, { seed, schedules, path: values.path }, onRun);
const { user, system } = process.cpuUsage();
const perSecond = Math.round(runs / ((user + system) / 1_000_000));
say(broken ?? `${amount(runs)} schedules, no law broken, seed ${seed}, ${Math.round(seconds())} s, ${amount(perSecond)} per second of CPU`);
if (broken) process.exitCode = 1;
