import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../../../../scripts/workspace.ts";

/** The tsconfig.json that `tsc --init` of the workspace's TypeScript writes, with the one change its comment asks of users of Node. */
export function userConfig(): string {
  const folder = mkdtempSync(join(tmpdir(), "keyturn-user-"));
  try {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--init"], { cwd: folder, stdio: "ignore" });
    const written = readFileSync(join(folder, "tsconfig.json"), "utf8");
    const config = written.replace('"types": []', '"types": ["node"]');
    if (config === written) throw new Error('tsc --init no longer writes "types": []: see what it says about Node now');
    return config;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The compiler options of a user's project in this folder. */
export function userOptions(folder: string): ts.CompilerOptions {
  const { config } = ts.parseConfigFileTextToJson("tsconfig.json", userConfig());
  return ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, folder).options;
}
