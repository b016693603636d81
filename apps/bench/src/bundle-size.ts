import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import type { Peer } from "./peer.ts";

/** Bytes that an application bundles for each peer: minified, brotli. */
export async function bundleSizes(peers: readonly Peer[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const { name, imports } of peers) if (imports) sizes.set(name, await bundleSize(imports));
  return sizes;
}

async function bundleSize(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    ...{ bundle: true, minify: true, write: false, format: "esm", target: "es2022", logLevel: "silent" },
    ...{ platform: "node", external: ["ky", "axios"] },
  });
  return outputFiles.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0);
}
