// The table of docs/behaviour-tests.md: each number of docs/behaviour.md with the tests that prove it. `--write` writes it;
// without it a table that is out of date is an error, as is a number that has lost its test.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gapsIn, proofsIn, statementsOf, tableOf } from "./behaviour.ts";
import { root } from "./workspace.ts";

const path = join(root, "docs/behaviour-tests.md");
const introduction = `# The tests of each behaviour

The numbers are those of [behaviour.md](behaviour.md). A group of tests that quotes a number stands here once. Made by \`npm run x -- exec node scripts/behaviour-tests.ts --write\`; \`npm run check\` fails where a number has lost its test.

`;

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

const files = globSync("{packages,apps}/*/src/**/*.test.ts", { cwd: root }).map((file) => file.replaceAll("\\", "/"));
const proofs = files.sort().flatMap((file) => proofsIn(file, readFileSync(join(root, file), "utf8")));
const statements = statementsOf(readFileSync(join(root, "docs/behaviour.md"), "utf8"));
const text = introduction + tableOf(statements, proofs);

for (const gap of gapsIn(statements, proofs)) fail(gap);
if (process.argv.includes("--write")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text)
  fail("docs/behaviour-tests.md is out of date: run `npm run x -- exec node scripts/behaviour-tests.ts --write`");
