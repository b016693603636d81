import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Trial } from "./attack.ts";
import { hasSecret, planted } from "./planted.ts";
import { report } from "./report.ts";

/** The short form, in a process of its own: what is unhandled there ends no test of others. */
function run(...options: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(import.meta.dirname, "main.ts"), "--short", ...options], (_, output) =>
      resolve({ code: child.exitCode, output }),
    );
  });
}

const attackThat = (name: string, run: (trial: Trial) => void) => ({
  name,
  run: async (trial: Trial) => {
    trial.tried();
    run(trial);
  },
});

describe("attacks on a session", () => {
  it("[68, 69, 70, 71, 73, 108, 180, 182, 183] none succeeds, in the short form", { timeout: 120_000 }, async () => {
    const { code, output } = await run("--seed", "20260101");
    expect(output).toContain("No attack succeeded");
    expect(code).toBe(0);
  });

  it.each([
    ["wrong origin", "| planted | 1 | 1 | 0 | 0 | 0 | 0 |"],
    ["hang", "| planted | 1 | 0 | 1 | 0 | 0 | 0 |"],
    ["secret", "| planted | 1 | 0 | 0 | 0 | 1 | 0 |"],
    ["other", "| planted | 1 | 0 | 0 | 0 | 0 | 1 |"],
  ] as const)("would be reported: %s", async (kind, row) => {
    const { lines, failed } = await report([attackThat("planted", ({ finds }) => finds(kind, "it"))], { runs: 1, seed: 1 }, () => {});
    expect(failed).toBe(true);
    expect(lines.join("\n")).toContain(row);
    expect(lines).toContain(`- planted: ${kind}: it`);
  });

  it("one that breaks off is reported", async () => {
    const broken = attackThat("planted", () => {
      throw new Error("out of order");
    });
    const { lines, failed } = await report([broken], { runs: 1, seed: 1 }, () => {});
    expect(failed).toBe(true);
    expect(lines.join("\n")).toContain("the attack itself broke off: Error: out of order");
  });

  it("know a secret by itself, inside another text, and in base64", () => {
    for (const secret of Object.values(planted)) {
      for (const before of ["", "c:", "client:"]) expect(hasSecret(btoa(`${before}${secret}`))).toBe(true);
      expect(hasSecret(`error (${secret})`)).toBe(true);
    }
    expect(hasSecret("login failed with status 400")).toBe(false);
  });
});
