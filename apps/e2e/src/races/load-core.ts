import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../../scripts/workspace.ts";
import type { BrokenCore } from "./broken-cores.ts";

/** The core under test, or a broken one. */
export type Core = typeof import("@keyturn/core");

/** Loads a copy of core's sources with one snippet replaced. Throws if it is not there exactly once: then the list is out of date. */
export async function loadBroken({ name, file, find, put }: BrokenCore): Promise<Core> {
  const folder = mkdtempSync(join(tmpdir(), "keyturn-broken-core-"));
  try {
    cpSync(join(root, "packages/core/src"), folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const path = join(folder, file);
    const [before = "", after, ...more] = readFileSync(path, "utf8").split(find);
    if (after === undefined || more.length > 0) throw new Error(`"${name}": ${file} does not hold its snippet exactly once: ${find}`);
    writeFileSync(path, before + put + after);
    return await import(/* @vite-ignore */ pathToFileURL(join(folder, "index.ts")).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
