// How Node, Deno and Bun run the suite. What the suite leaves behind must not keep this process alive.
import { run } from "./main.ts";

const [api = "", elsewhere = ""] = process.argv.slice(2);
const { bun, deno, node }: Partial<Record<string, string>> = process.versions;
process.stdout.write(`${JSON.stringify({ version: bun ?? deno ?? node, outcomes: await run({ api, elsewhere }) })}\n`);
