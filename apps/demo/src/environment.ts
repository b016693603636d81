import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Settings } from "./systems/system.ts";

/** The environment, and below it what an .env file says. */
export function readEnvironment(file: string, environment: Settings): Settings {
  return { ...(existsSync(file) && parseEnv(readFileSync(file, "utf8"))), ...environment };
}
