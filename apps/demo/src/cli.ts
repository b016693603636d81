import { main } from "./main.ts";
import { emulations } from "./systems/index.ts";

process.exitCode = await main(process.argv.slice(2), { output: process.stdout, errors: process.stderr, emulations });
