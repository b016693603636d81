import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { consumer } from "../../../../scripts/pack.ts";
import { artifacts, root } from "../../../../scripts/workspace.ts";
import { userConfig } from "./user-options.ts";

/** What npm installs on Node 20 instead of a version that wants a later one. */
const forNode20: Readonly<Record<string, string>> = { ky: "ky-1" };

const application = join(root, "apps/e2e");

/**
 * A user's project for this major version of Node, made anew: `tsc --init`, Node's types, our tarballs, and the clients the
 * documents mention in the versions that run there. A package that wants a later Node is not installed.
 */
export function makeProject(node: number): string {
  const folder = join(artifacts, `examples-node-${node}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  writeFileSync(join(folder, "tsconfig.json"), userConfig());
  const link = (target: string, name: string): void => {
    const path = join(folder, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(realpathSync(target), path);
  };
  link(join(consumer, "node_modules/@keyturn"), "@keyturn");
  link(join(root, "node_modules/@types/node"), "@types/node");
  const { devDependencies } = JSON.parse(readFileSync(join(application, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(devDependencies).filter((name) => !name.startsWith("@keyturn/"))) {
    const installed = join(application, "node_modules", (node < 22 ? forNode20[name] : undefined) ?? name);
    if (leastNode(installed) <= node) link(installed, name);
  }
  return folder;
}

/** The earliest major version of Node that a package says it runs on. */
function leastNode(installed: string): number {
  const { engines } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    readonly engines?: { readonly node?: string };
  };
  return Number(/\d+/.exec(engines?.node ?? "")?.[0] ?? 0);
}
