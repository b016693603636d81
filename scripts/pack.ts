// Builds and packs every package as it would be published, and installs the tarballs into an empty project, as a user would.
// What users get is proved from there: package checks, API report, types, sizes.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { artifacts, publicPackages, root, type WorkspacePackage } from "./workspace.ts";

export const tarballs: string = join(artifacts, "tarballs");
export const consumer: string = join(artifacts, "consumer");

export const tarballOf = ({ slug, manifest }: WorkspacePackage): string => join(tarballs, `keyturn-${slug}-${manifest.version}.tgz`);
export const installedAt = ({ manifest }: WorkspacePackage): string => join(consumer, "node_modules", manifest.name);

function install(workspacePackage: WorkspacePackage): void {
  const target = installedAt(workspacePackage);
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarballOf(workspacePackage), "-C", target, "--strip-components=1"]);
  // Dependencies of others are linked from where the workspace has them: the exact versions, and no network.
  for (const name of Object.keys(workspacePackage.manifest.dependencies ?? {}).filter((name) => !name.startsWith("@keyturn/"))) {
    const link = join(target, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(workspacePackage.directory, "node_modules", name), link);
  }
}

/** What an application of one vendor bundles. Read by size-limit. */
function writeEntry({ slug, manifest }: WorkspacePackage): void {
  const core = slug === "core" ? "" : `export { createAuth } from "@keyturn/core";\n`;
  writeFileSync(join(consumer, `${slug}.js`), `${core}export * from "${manifest.name}";\n`);
}

/** Builds what changed, packs everything, and installs it anew. */
export function pack(): void {
  rmSync(tarballs, { recursive: true, force: true });
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const packages = publicPackages();
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  execFileSync("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only", ...filters], { cwd: root, stdio: "inherit" });
  execFileSync("pnpm", ["--recursive", ...filters, "pack", "--pack-destination", tarballs], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const workspacePackage of packages) {
    install(workspacePackage);
    writeEntry(workspacePackage);
  }
  writeFileSync(join(consumer, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
}

// import.meta.main, but for Node 22 too.
if (process.argv[1] === import.meta.filename) pack();
