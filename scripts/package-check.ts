// Looks at each tarball as a registry, a bundler and TypeScript would: its files, publint, and "are the types wrong".
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { tarballOf } from "./pack.ts";
import { publicPackages, root, type WorkspacePackage } from "./workspace.ts";

const run = promisify(execFile);
const allowed = /^package\/(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w./-]+\.(js|d\.ts))$/;
const required = ["package/package.json", "package/README.md", "package/LICENSE", "package/dist/index.js", "package/dist/index.d.ts"];

async function contents(tarball: string): Promise<string[]> {
  const { stdout } = await run("tar", ["-tzf", tarball]);
  const files = stdout.split("\n").filter((file) => file !== "");
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files.filter((file) => !allowed.test(file)).map((file) => `${file} has no place in a tarball`),
  ];
}

async function lint(tarball: string): Promise<string[]> {
  const content = new Uint8Array(readFileSync(tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: content }, strict: true, level: "warning" });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

async function types(tarball: string): Promise<string[]> {
  const attw = run("pnpm", ["exec", "attw", tarball, "--profile", "esm-only", "--format", "ascii"], { cwd: root });
  return attw.then(
    () => [],
    (error: { stdout?: string; message: string }) => [error.stdout || error.message],
  );
}

async function problemsOf(workspacePackage: WorkspacePackage): Promise<string[]> {
  const tarball = tarballOf(workspacePackage);
  const problems = await Promise.all([contents(tarball), lint(tarball), types(tarball)]);
  return problems.flat().map((problem) => `${workspacePackage.manifest.name}: ${problem}`);
}

const problems: string[] = [];
// One after the other: each starts a process that fills a core.
for (const workspacePackage of publicPackages()) problems.push(...(await problemsOf(workspacePackage)));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
