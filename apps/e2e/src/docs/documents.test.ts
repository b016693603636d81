import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { findRedisServer, type RedisServer, startRedisServer } from "../../../../scripts/redis-server.ts";
import { root } from "../../../../scripts/workspace.ts";
import type { KnownServers } from "../known-servers/index.ts";
import { allBlocks, type Block } from "./blocks.ts";
import { environment } from "./environment.ts";
import { startDocumentedServers } from "./known.ts";
import { createDocumentedNetwork } from "./network.ts";
import { run } from "./run.ts";
import { compile } from "./type-check.ts";

const blocks = allBlocks();
const takesRedis = ({ code }: Block): boolean => code.includes("REDIS_URL");
let redis: RedisServer | undefined;
let known: KnownServers;

beforeAll(async () => {
  known = await startDocumentedServers();
  if (findRedisServer()) redis = await startRedisServer();
});
afterAll(async () => {
  await known.close();
  await redis?.close();
});

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "keyturn-"));
  vi.stubEnv("HOME", home);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubEnv("REDIS_URL", redis?.url);
  vi.stubGlobal("fetch", createDocumentedNetwork(globalThis.fetch, known.all));
  vi.spyOn(console, "log").mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

it("every example of the documents compiles as in a project that tsc --init made", () => {
  expect(compile(blocks, join(root, "apps/e2e")).errors).toEqual([]);
}, 120_000);

it.for(blocks.filter(({ runs }) => runs))("the example in $place runs", async (block, { skip }) => {
  skip(takesRedis(block) && !redis, "no Redis server is installed");
  await run(block);
});
