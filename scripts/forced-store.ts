// Core's tests run twice: as they are, and with a memory store under every session that names no store.
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";
import { root } from "./workspace.ts";

const core = join(root, "packages/core/src");
const entry = join(core, "index.ts");
/** The modules of core from which a test may take `createAuth`. */
const replaced: readonly string[] = [entry, join(core, "create-auth.ts")];
const prefix = "\0forced-store:";

const isTest = (file: string): boolean => file.startsWith(core) && /(\/test-kit|\.(test|fixture))\.ts$/.test(file);

/** The module with another `createAuth`. Options that are no object go through as they are: they must be refused as ever. */
const shimOf = (file: string): string => `
  export * from ${JSON.stringify(file)};
  import { createAuth as create } from ${JSON.stringify(file)};
  import { memoryStore } from ${JSON.stringify(entry)};
  export const hasForcedStore = true;
  const lacksStore = (options) => typeof options === "object" && options !== null && options.store === undefined;
  export const createAuth = (provider, options = {}) =>
    create(provider, lacksStore(options) ? { ...options, store: memoryStore() } : options);
`;

/** A vite plugin: where tests of core call `createAuth` without a store, it gets a memory store of its own. */
export function forcedStore(): Plugin {
  return {
    name: "forced-store",
    enforce: "pre",
    resolveId(source, importer = "") {
      const [file = ""] = importer.split("?");
      const target = resolve(dirname(file), source);
      return source.startsWith(".") && isTest(file) && replaced.includes(target) ? prefix + target : undefined;
    },
    load: (id) => (id.startsWith(prefix) ? shimOf(id.slice(prefix.length)) : undefined),
  };
}
