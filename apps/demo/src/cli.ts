import { fileURLToPath } from "node:url";
import { readEnvironment } from "./environment.ts";
import { main } from "./main.ts";
import { emulations } from "./systems/index.ts";

process.exitCode = await main(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
  emulations,
  untilStopped: () =>
    new Promise((stop) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());
    }),
  environment: () => readEnvironment(fileURLToPath(new URL("../../../.env", import.meta.url)), process.env),
});
