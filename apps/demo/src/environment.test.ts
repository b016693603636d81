import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keyturn-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the environment", () => {
  it("is completed by an .env file, and stands above it", () => {
    const file = join(folder, ".env");
    writeFileSync(file, 'XFA_USERNAME=of-the-file\nXFA_PASSWORD="with spaces"\n');
    expect(readEnvironment(file, { XFA_USERNAME: "of-the-shell" })).toEqual({ XFA_USERNAME: "of-the-shell", XFA_PASSWORD: "with spaces" });
  });

  it("is enough by itself", () => {
    expect(readEnvironment(join(folder, ".env"), { XFA_PATH: "/devices" })).toEqual({ XFA_PATH: "/devices" });
  });
});
