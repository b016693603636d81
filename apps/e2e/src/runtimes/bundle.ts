import { rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { consumer, pack } from "../../../../scripts/pack.ts";

/** Where the bundle is: main.js, command-line.js, and what they share. */
export const bundle: string = join(consumer, "runtimes");

/** Bundles the suite with the packages as their tarballs have them: the very same files for every runtime. */
export async function bundleSuite(): Promise<void> {
  pack();
  rmSync(bundle, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: ["main", "command-line", "module-scope"].map((name) => join(import.meta.dirname, `suite/${name}.ts`)),
    outdir: bundle,
    bundle: true,
    splitting: true, // so that the import of everything else is an import that the suite can watch
    format: "esm",
    platform: "neutral",
    target: "es2022",
    plugins: [installedPackages],
    metafile: true,
    logLevel: "warning",
  });
  const unpacked = Object.keys(metafile.inputs).filter((file) => /packages\/[^/]+\/src\/.*(?<!\.fixture)\.ts$/.test(file));
  if (unpacked.length > 0) throw new Error(`the bundle has sources instead of packed files: ${unpacked.join(", ")}`);
}

/** Has the packages' names, and what a package's own fixture calls "./index.ts", mean the installed tarballs. */
const installedPackages: Plugin = {
  name: "installed packages",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@keyturn\/|^\.\/index\.ts$/ }, ({ path, importer, kind, pluginData }) => {
      if (pluginData === "installed") return undefined; // asked by ourselves
      const own = /packages\/([^/]+)\/src\/[^/]+\.fixture\.ts$/.exec(importer.replaceAll("\\", "/"))?.[1];
      const name = path === "./index.ts" ? own && `@keyturn/${own}` : path;
      return name ? resolve(name, { resolveDir: consumer, kind, pluginData: "installed" }) : undefined;
    });
  },
};
