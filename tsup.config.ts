import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "tsup";

const { exports, bin = {} } = JSON.parse(readFileSync("package.json", "utf8")) as Record<"exports" | "bin", Record<string, string>>;

// One configuration for every package: its entries are what its package.json exports, and its commands.
export default defineConfig({
  entry: [...Object.values(exports), ...Object.values(bin)].filter((path) => path.endsWith(".ts")),
  format: "esm",
  target: "es2022",
  platform: "neutral",
  external: [/^node:/],
  removeNodeProtocol: false,
  dts: true,
  clean: true,
  tsconfig: resolve(import.meta.dirname, "tsconfig.json"),
});
