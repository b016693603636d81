import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lostHolders } from "./lost-holders.ts";
import { expiries, wrongPassword } from "./proofs.ts";

let home: string;
const place = () => ({ module: new URL("stores/file.ts", import.meta.url), address: join(home, "session") });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keyturn-"));
});
afterEach(() => rm(home, { recursive: true }));

describe("processes that share a folder", () => {
  it("[67] renew once at each expiry, all eight of them", async () => {
    expect(await expiries(place(), { requests: 5, times: 2 })).toMatchObject({ wrong: [], found: "1 login, 2 refreshes, 0 failures" });
  });

  it("[83] try a wrong password once", async () => {
    expect(await wrongPassword(place(), { requests: 13 })).toMatchObject({ wrong: [], found: "1 attempt, lockout counter 1" });
  });

  it("[67] go on when the one that renews is killed, and what is stored is readable all the time", async () => {
    expect(await lostHolders(place(), "killed", { count: 3, times: 3 })).toMatchObject({ wrong: [] });
  });

  it("[62] go on when the one that renews is frozen; when it wakes up it takes what they have", async () => {
    expect(await lostHolders(place(), "frozen", { count: 2, times: 1 })).toMatchObject({ wrong: [] });
  });
});
