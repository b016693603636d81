import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../../../scripts/workspace.ts";

/** The demo, serving a page. */
export interface Demo {
  /** As it printed it. */
  readonly url: string;
  /** Ends it as Ctrl-C does; its exit code and signal. */
  stop(): Promise<unknown[]>;
}

export async function startDemo(args: readonly string[]): Promise<Demo> {
  const demo = spawn(process.execPath, [join(root, "apps/demo/src/cli.ts"), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return {
    url: await addressPrinted(demo),
    stop() {
      const ended = once(demo, "exit");
      demo.kill("SIGTERM");
      return ended;
    },
  };
}

async function addressPrinted({ stdout }: ChildProcess): Promise<string> {
  let printed = "";
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const address = /http:\S+/.exec(printed)?.[0];
    if (address) return address;
  }
  throw new Error(`the demo printed no address: ${printed}`);
}
