import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { servePage } from "./serve.ts";
import { connectThroughBroker } from "./systems/brokered.ts";
import { finapiEmulation } from "./systems/finapi.ts";
import { platformIoEmulation } from "./systems/platform-io.ts";
import { xfaEmulation } from "./systems/xfa.ts";

/** What the demo prints when it serves its page. */
async function addressPrinted({ stdout }: ChildProcess): Promise<string> {
  let printed = "";
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const address = /http:\S+/.exec(printed)?.[0];
    if (address) return address;
  }
  throw new Error(`no address in: ${printed}`);
}

describe("the demo's own server", () => {
  it("serves the page and all it needs, from one origin", async () => {
    const { url, close } = await servePage([xfaEmulation], 60_000);
    const page = await (await fetch(url)).text();
    const parts = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    const answers = await Promise.all(parts.map((path) => fetch(new URL(path, url))));
    const served = answers.map(({ status, headers }) => `${status} ${headers.get("content-type")}`);
    expect(new Set(served)).toEqual(new Set(["200 text/javascript; charset=utf-8", "200 text/css; charset=utf-8"]));
    expect(page.replace(/"http:\/\/www\.w3\.org\/[^"]*"/g, "")).not.toMatch(/https?:\/\//);
    expect((await fetch(new URL("/package.json", url))).status).toBe(404);
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("tells the page how to meet the emulators, which let it call", async () => {
    const { url, close } = await servePage([xfaEmulation], 60_000);
    const settings = await (await fetch(new URL("/control/settings", url))).json();
    const api = new URL("/protected", settings.xfa.XFA_BASE_URL);
    const asked = { "access-control-request-method": "GET", "access-control-request-headers": "authorization" };
    const allowed = async (origin: string) => {
      const { headers } = await fetch(api, { method: "OPTIONS", headers: { ...asked, origin } });
      return headers.get("access-control-allow-origin");
    };
    const { origin, port } = new URL(url);
    expect(await allowed(origin)).toBe(origin);
    expect(await allowed(`http://localhost:${port}`)).toBe(`http://localhost:${port}`);
    expect(await allowed("https://elsewhere.example.com")).toBe(null);
    await close();
  });

  it.each([finapiEmulation, platformIoEmulation])("hands the page tokens of $system.title, and no secret", async (emulation) => {
    const {
      system: { name },
      renewsBy,
    } = emulation;
    const { url, close } = await servePage([emulation], 600_000);
    const settings = await (await fetch(new URL("/control/settings", url))).json();
    expect(Object.keys(settings[name])).toEqual(["BROKER_URL", "BROKER_API", "BROKER_PATH"]);
    const { BROKER_URL, ...rest } = settings[name];
    const { auth } = connectThroughBroker({ ...rest, BROKER_URL: new URL(BROKER_URL, url).href });
    const ask = async () => (await auth.fetch(new URL(rest.BROKER_PATH, rest.BROKER_API))).status;
    expect(await ask()).toBe(200);
    await fetch(new URL(`/control/${name}/expire`, url), { method: "POST" });
    expect(await ask()).toBe(200);
    const counts = await (await fetch(new URL(`/control/${name}/counts`, url))).json();
    const renewed = renewsBy === "refresh" ? { logins: 1, refreshes: 1 } : { logins: 2, refreshes: 0 };
    expect(counts).toEqual({ calls: 3, ...renewed, unauthorized: 1, failures: 0 });
    expect((await fetch(new URL("/broker/xfa", url), { method: "POST" })).status).toBe(404);
    await close();
  });

  it("holds the strings of the emulators", async () => {
    const { url, close } = await servePage([xfaEmulation], 60_000);
    const counts = async () => (await fetch(new URL("/control/xfa/counts", url))).json();
    const settings = await (await fetch(new URL("/control/settings", url))).json();
    const { auth } = await xfaEmulation.system.connect(settings.xfa);
    const ask = async () => (await auth.fetch(new URL("/protected", settings.xfa.XFA_BASE_URL))).status;
    expect(await ask()).toBe(200);
    expect((await fetch(new URL("/control/xfa/expire", url), { method: "POST" })).status).toBe(204);
    expect(await ask()).toBe(200);
    expect(await counts()).toEqual({ calls: 3, logins: 1, refreshes: 1, unauthorized: 1, failures: 0 });
    expect((await fetch(new URL("/control/xfb/counts", url))).status).toBe(404);
    await close();
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends cleanly on %s, a page's connection open", async (signal) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "cli.ts"), "xfa", "--serve"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await (await fetch(await addressPrinted(child))).text();
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });
});
