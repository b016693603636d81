import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "tsup";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, string> };

// One configuration for every package: its entries are what its package.json exports.
export default defineConfig({
  entry: Object.values(exports).filter((path) => path.endsWith(".ts")),
  format: "esm",
  target: "es2022",
  platform: "neutral",
  external: [/^node:/],
  removeNodeProtocol: false,
  dts: true,
  clean: true,
  tsconfig: resolve(import.meta.dirname, "tsconfig.json"),
});
