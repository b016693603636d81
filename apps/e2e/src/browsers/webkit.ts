import { once } from "node:events";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Program, startProgram } from "../program.ts";
import type { Browser } from "./browser.ts";
import { createWebDriverSession } from "./webdriver.ts";
import { createTabs } from "./webdriver-tabs.ts";

/** Where the three programs are that WebKitGTK needs to be driven without a screen. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly screen: string;
}

export function findWebKit(): WebKitPrograms | undefined {
  const [driver, screen] = ["/usr/bin/WebKitWebDriver", "/usr/bin/Xvfb"];
  const [browser] = globSync("/usr/lib/*/webkit2gtk-4.*/MiniBrowser");
  return browser && existsSync(driver) && existsSync(screen) ? { driver, browser, screen } : undefined;
}

/** A screen, a driver and a browser of our own. */
export async function launchWebKit(programs: WebKitPrograms): Promise<Browser> {
  const started: Program[] = [];
  const home = await mkdtemp(join(tmpdir(), "keyturn-webkit-"));
  const stop = async (): Promise<void> => {
    for (const child of started.reverse()) await child.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const screen = await startProgram(programs.screen, ["-displayfd", "1", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
    started.push(screen);
    const display = `:${await firstLine(screen)}`;
    const port = await freePort();
    const env = { ...process.env, DISPLAY: display, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
    started.push(await startProgram(programs.driver, [`--port=${port}`], { env }));
    const server = `http://127.0.0.1:${port}`;
    await answers(`${server}/status`);
    const session = await createWebDriverSession(server, {
      "webkitgtk:browserOptions": { binary: programs.browser, args: ["--automation"] },
    });
    return {
      version: String(session.capabilities.browserVersion),
      open: await createTabs(session),
      async close() {
        try {
          await session.close();
        } finally {
          await stop();
        }
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstLine({ process: { stdout } }: Program): Promise<string> {
  let printed = "";
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    if (printed.includes("\n")) return printed.trim();
  }
  throw new Error("Xvfb ended before it had a display");
}

/** WebKitWebDriver takes no 0 for a port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number }; // no pipe: it listens on a port
  server.close();
  await once(server, "close");
  return port;
}

async function answers(url: string): Promise<void> {
  const isUp = (): Promise<boolean> =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let left = 500; left > 0; left--) {
    if (await isUp()) return;
    await delay(20);
  }
  throw new Error(`no answer from ${url}`);
}
