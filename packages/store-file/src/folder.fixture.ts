import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredSession } from "@keyturn/core/store";
import { afterEach } from "vitest";
import type { Folder } from "./folder.ts";

/** A path where nothing is yet; what comes to be there is removed after the test. */
export async function freshFolder(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "keyturn-"));
  afterEach(() => rm(home, { recursive: true, force: true }));
  return join(home, "app", "session");
}

/** What the parts of a store are given for it. */
export function placeOf(path: string): Folder {
  return { path, sharedWithGroup: false };
}

export function record(revision: number, more: Partial<StoredSession> = {}): StoredSession {
  const tokens = { accessToken: `access-${revision}`, refreshToken: `refresh-${revision}`, receivedAt: 1_767_225_600_000 };
  return { format: 1, revision, identity: "contract ada@example.com", tokens, ...more };
}

export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** Makes a file look as if it was last changed so many ms ago. */
export async function age(file: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(file, then, then);
}
