#!/usr/bin/env node
import { createInterface } from "node:readline";
import { main } from "./cli/main.ts";

const typed = createInterface({ input: process.stdin });

process.exitCode = await main(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
  lines: typed,
  untilStopped: () =>
    new Promise((stop) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop());
    }),
});
typed.close();
