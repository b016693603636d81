// Builds a page with Vite, in memory: for pages that are served by what tests or shows them.
import { join } from "node:path";
import { build } from "vite";

/** A file of a built page, as it is served. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** By path, from "/index.html" on. */
export type BuiltPage = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", js: "text/javascript" };

/** Builds the pages of a folder: its index.html, unless others are named. */
export async function buildPage(root: string, pages: readonly string[] = ["index.html"]): Promise<BuiltPage> {
  const input = pages.map((page) => join(root, page));
  // Warnings would be about Node's modules in code that is shared with Node, and left out here.
  const built = await build({
    ...{ root, configFile: false, logLevel: "error" },
    worker: { format: "es" },
    build: { write: false, rollupOptions: { input } },
  });
  if (!("output" in built)) throw new Error("the page was not built in one piece");
  const files = built.output.map((file): [string, PageFile] => {
    const type = types[file.fileName.replace(/^.*\./, "")] ?? "application/octet-stream";
    const content = file.type === "chunk" ? file.code : (file.source as PageFile["content"]); // read from disk, so never shared memory
    return [`/${file.fileName}`, { type: `${type}; charset=utf-8`, content }];
  });
  return new Map(files);
}
