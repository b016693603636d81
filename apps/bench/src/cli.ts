// `npm run bench`: keyturn beside its peers, on one server, in one run. Writes docs/benchmarks.md and docs/benchmarks.svg;
// with names of peers behind it, measures those alone and writes nothing; with "core", measures core beside its former self.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compareCores } from "./core/index.ts";
import { page } from "./page.ts";
import type { Peer } from "./peer.ts";
import { peers } from "./peers/index.ts";
import { picture } from "./picture.ts";
import { measure } from "./results.ts";

const docs = join(import.meta.dirname, "../../../docs");
const document = join(docs, "benchmarks.md");
const between = /(<!-- measured -->\n)[\s\S]*(<!-- \/measured -->)/;

/** The nearest package.json above the entry that is called so: not every package exports its own. */
function versionOf(peer: Peer): string {
  if (peer.package === "node") return process.versions.node;
  if (peer.package.startsWith("@keyturn/")) return "this repository";
  const require = createRequire(import.meta.url);
  for (let folder = dirname(require.resolve(peer.package)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        readonly name?: string;
        readonly version?: string;
      };
      if (manifest.name === peer.package) return manifest.version ?? "?";
    } catch {
      // no package.json in this folder
    }
  }
  return "?";
}

const names = process.argv.slice(2);
if (names.includes("core")) {
  const { table, tooMuch } = await compareCores();
  process.stdout.write(`\n${[table, ...tooMuch].join("\n")}\n`);
  process.exit(tooMuch.length > 0 ? 1 : 0);
}
const unknown = names.filter((name) => !peers.some((peer) => peer.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no peer is called ${unknown.join(", ")}; there are: ${peers.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}
// Peers say what they think of a refused refresh token on the console.
console.log = console.warn = console.error = () => {};
process.on("unhandledRejection", () => {}); // those of peers; keyturn's own tests watch for ours

const chosen = names.length > 0 ? peers.filter(({ name }) => names.includes(name)) : peers;
const results = await measure(chosen, (news) => process.stderr.write(`${news.padEnd(70)}\r`));
const text = page(chosen, results, versionOf);
process.stdout.write(`\n${text}\n`);
if (names.length === 0) {
  writeFileSync(
    document,
    readFileSync(document, "utf8").replace(between, (_, start, end) => `${start}\n${text}\n\n${end}`),
  );
  writeFileSync(join(docs, "benchmarks.svg"), picture(peers, results));
}
process.exit(0); // some peers hold a timer that nobody can clear
