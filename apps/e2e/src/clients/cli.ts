// The suite of the clients as a table: `npm run check:clients`; `--write` keeps it in docs/proofs.md. Exit status 1 if a test fails.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable, recordProof } from "../../../../scripts/proofs.ts";
import { artifacts, root } from "../../../../scripts/workspace.ts";
import type { Client } from "./client.ts";
import { clients } from "./clients.ts";

interface TestResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

mkdirSync(artifacts, { recursive: true });
const outputFile = join(artifacts, "clients.json");
const suite = "apps/e2e/src/clients/clients.test.ts";
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`];
const { status } = spawnSync("pnpm", ["exec", "vitest", "run", "--project", "node", ...reporters, suite], { cwd: root, stdio: "inherit" });

const { testResults } = JSON.parse(readFileSync(outputFile, "utf8"));
const results: readonly TestResult[] = testResults.flatMap(
  (file: { readonly assertionResults: readonly TestResult[] }) => file.assertionResults,
);
const titles = [...new Set(results.map(({ title }) => title))];

function versionOf({ installedAs }: Client): string {
  if (installedAs === "node") return process.versions.node;
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../node_modules", installedAs, "package.json"), "utf8")).version;
}

/** How a test went; a dash where the client's shape does not allow it. */
function cell({ name, uploads }: Client, title: string): string {
  const result = results.find((one) => one.title === title && one.ancestorTitles.includes(name));
  if (result?.status === "passed") return title.includes("upload stream") && uploads === "once" ? "once" : "yes";
  return result?.status === "failed" ? "FAILED" : "–";
}

const columns = titles.map((title) => title.replace(/^\[.*?\] |:.*/g, ""));
const rows = clients.map((client) => [client.name, versionOf(client), ...titles.map((title) => cell(client, title))]);
const output = markdownTable(["client", "version", ...columns], rows);
process.stdout.write(output);
if (process.argv.includes("--write")) recordProof("clients", output);
process.exitCode = status === 0 ? 0 : 1;
