// Runs compiled examples one after another, each as the module it is, on the network that the documents know. Started by
// check.ts in the Node to be tried: `node runner.js <examples.json>`. Outcomes go to stdout as JSON.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { environment } from "./environment.ts";
import { startDocumentedServers } from "./known.ts";
import { createDocumentedNetwork } from "./network.ts";

/** An example to run. */
export interface Example {
  readonly place: string;
  /** Its compiled file. */
  readonly file: string;
}

/** What became of it: no error, it ran. */
export interface Outcome {
  readonly place: string;
  readonly error?: string;
}

const limit = 20_000;
const { fetch } = globalThis;
const redisUrl = process.env.REDIS_URL ?? environment.REDIS_URL;
const known = await startDocumentedServers();
const examples = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly Example[];
const outcomes: Outcome[] = [];
let stray: unknown;
process.on("unhandledRejection", (reason) => {
  stray = reason;
});
Reflect.set(console, "log", () => {}); // stdout is for the outcomes

for (const { place, file } of examples) {
  const home = mkdtempSync(join(tmpdir(), "keyturn-"));
  Object.assign(process.env, { ...environment, REDIS_URL: redisUrl, HOME: home });
  globalThis.fetch = createDocumentedNetwork(fetch, known.all);
  stray = undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([import(pathToFileURL(file).href), tooLate]);
    if (stray !== undefined) throw stray;
    outcomes.push({ place });
  } catch (error) {
    outcomes.push({ place, error: String(error) });
  } finally {
    clearTimeout(timer);
    rmSync(home, { recursive: true });
  }
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0)); // examples leave sessions open
