import { afterEach, describe, expect, it } from "vitest";
import { startWorkers, type Workers } from "./workers.ts";

const apart = { module: new URL("stores/memory.ts", import.meta.url), address: "" };
let workers: Workers | undefined;

afterEach(async () => {
  await workers?.close();
  workers = undefined;
});

describe("workers", () => {
  it("are sessions in processes of their own, whose expiries come at once", async () => {
    workers = await startWorkers({ count: 3, store: apart });
    const { control } = workers;
    expect(new Set([process.pid, ...workers.all.map(({ pid }) => pid)]).size).toBe(4);
    expect(await workers.burst(5)).toEqual({ succeeded: 15, failures: [] });
    expect([control.count("login"), control.count("refresh")]).toEqual([3, 0]);
    await workers.expire();
    expect(await workers.burst(5)).toEqual({ succeeded: 15, failures: [] });
    expect([control.count("login"), control.count("refresh")]).toEqual([3, 3]);
    expect(control.count("api", 401)).toBe(0);
  });

  it("say why their requests fail", async () => {
    workers = await startWorkers({ count: 2, store: apart, password: undefined });
    expect(await workers.burst(1)).toEqual({ succeeded: 0, failures: ["login-required", "login-required"] });
  });

  it("can be stopped right before a grant is sent, frozen, woken and killed, one by one", async () => {
    workers = await startWorkers({ count: 2, store: apart });
    const { control } = workers;
    const [first, second] = workers.all;
    if (!first || !second) throw new Error("two were started");
    await first.call("hold");
    const sending = first.next("sending");
    const burst = first.call("burst", 1);
    await sending;
    first.signal("SIGSTOP");
    expect(control.count("login")).toBe(0);
    first.signal("SIGCONT");
    await first.call("release");
    expect(await burst).toEqual({ succeeded: 1, failures: [] });

    first.signal("SIGSTOP");
    await workers.kill(first);
    await expect(first.call("burst", 1)).rejects.toThrow(/has ended \(SIGKILL\)/);
    expect(workers.all).toEqual([second]);
    expect(await workers.burst(1)).toEqual({ succeeded: 1, failures: [] });
  });

  it("that cannot open their store fail where they are started, and leave nothing behind", async () => {
    const missing = { module: new URL("stores/missing.ts", import.meta.url), address: "" };
    await expect(startWorkers({ count: 1, store: missing })).rejects.toThrow(/has ended \(1\): [\s\S]*Cannot find module/);
  });
});
