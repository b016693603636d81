import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { outputOf, startFromNpm } from "./from-npm.ts";
import type { Runtime } from "./runtime.ts";

const workerdPackage = "workerd@1.20261117.1";

const worker = `import "./module-scope.js";
import { run } from "./main.js";
export default { fetch: async (request) => Response.json(await run(await request.json())) };
`;

/** A worker of these modules, on a port of the system's choice, that may reach this machine (workerd.capnp describes the format). */
function configuration(modules: readonly string[]): string {
  const embedded = modules.map((name) => `(name = "${name}", esModule = embed "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "suite", worker = .suite), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (modules = [${embedded.join(", ")}], compatibilityDate = "2026-11-01");
`;
}

/** The runtime of Cloudflare's Workers. */
export const workerd: Runtime = {
  ...{ name: "workerd", available: true },
  async run(addresses) {
    writeFileSync(join(bundle, "worker.js"), worker);
    const modules = readdirSync(bundle).filter((name) => name.endsWith(".js") && name !== "command-line.js");
    const config = join(bundle, "workerd.capnp");
    writeFileSync(config, configuration(["worker.js", ...modules.filter((name) => name !== "worker.js")]));
    const version = (await outputOf(workerdPackage, "workerd --version")).trim();
    const child = await startFromNpm(workerdPackage, `workerd serve --control-fd=1 ${config}`);
    try {
      const response = await fetch(`http://127.0.0.1:${await portOf(child.process.stdout)}/`, {
        method: "POST",
        body: JSON.stringify(addresses),
      });
      if (!response.ok) throw new Error(`the worker answered ${response.status}: ${await response.text()}`);
      return { version: version.replace(/^workerd /, ""), outcomes: await response.json() };
    } finally {
      await child.stop();
    }
  },
};

/** workerd writes one line of JSON when a socket listens. */
async function portOf(stdout: AsyncIterable<Buffer> | null): Promise<number> {
  let printed = "";
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const port = /"port":\s*(\d+)/.exec(printed)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`workerd ended before it listened: ${printed}`);
}
