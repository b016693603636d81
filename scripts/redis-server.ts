// A Redis or Valkey of our own, for tests and the demo: on a free loopback port, its files in a folder that goes with it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

const names = ["redis-server", "valkey-server"];

/** The path of an installed server, or undefined. REDIS_SERVER_PATH names another one. */
export function findRedisServer(): string | undefined {
  const { REDIS_SERVER_PATH, PATH = "" } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return REDIS_SERVER_PATH ?? places.find((path) => existsSync(path));
}

/** A running server. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server; what it holds stays on disk. */
  stop(): Promise<void>;
  /** Starts it again after `stop`, on the same port. */
  start(): Promise<void>;
  /** Ends the server and removes its files. */
  close(): Promise<void>;
}

/** Starts a server that writes every change to disk before it answers, so that a restart loses nothing. */
export async function startRedisServer(): Promise<RedisServer> {
  return startServer(await freePort());
}

/** Starts three servers that are one cluster: each has a third of the slots, and goes on where another is away. */
export async function startRedisCluster(): Promise<readonly RedisServer[]> {
  const nodes = await Promise.all([0, 1, 2].map(async (index) => ({ index, port: await freePort(), bus: await freePort() })));
  const line = (node: (typeof nodes)[number], own: boolean) => {
    const slots = `${Math.ceil((node.index * 16_384) / 3)}-${Math.ceil(((node.index + 1) * 16_384) / 3) - 1}`;
    const [id, flags] = [String(node.index + 1).repeat(40), own ? "myself,master" : "master"];
    return `${id} 127.0.0.1:${node.port}@${node.bus} ${flags} - 0 0 ${node.index + 1} connected ${slots}`;
  };
  // What a node keeps of its cluster, as if it had been one before.
  const known = (self: (typeof nodes)[number]) =>
    [...nodes.map((node) => line(node, node === self)), "vars currentEpoch 3 lastVoteEpoch 0", ""].join("\n");
  return Promise.all(nodes.map((node) => startServer(node.port, { port: node.bus, nodes: known(node) })));
}

async function startServer(port: number, cluster?: { readonly port: number; readonly nodes: string }): Promise<RedisServer> {
  const executable = findRedisServer();
  if (!executable) throw new Error("neither Redis nor Valkey is installed here; REDIS_SERVER_PATH names a server that is");
  const directory = mkdtempSync(join(tmpdir(), "keyturn-redis-"));
  if (cluster) writeFileSync(join(directory, "nodes.conf"), cluster.nodes);
  const clusterOptions = cluster && {
    "cluster-enabled": "yes",
    "cluster-port": cluster.port,
    "cluster-node-timeout": 2_000,
    "cluster-require-full-coverage": "no",
  };
  let child: ChildProcess | undefined;
  const kill = () => child?.kill("SIGKILL");
  process.on("exit", kill);

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const options = { port, bind: "127.0.0.1", dir: directory, save: "", appendonly: "yes", appendfsync: "always", ...clusterOptions };
      const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
      child = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"] });
      await ready(child, cluster ? "Cluster state changed: ok" : "Ready to accept connections");
    },
    async stop() {
      if (!child) return;
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
      child = undefined;
    },
    async close() {
      await server.stop();
      process.off("exit", kill);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    child = undefined;
    await server.close();
    throw error;
  }
  return server;
}

/** Resolves when the server takes connections; rejects with what it said if it ends before. */
function ready(child: ChildProcess, sign: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.on("error", reject);
    child.on("close", () => reject(new Error(`the Redis server ended at once:\n${said.join("\n")}`)));
    if (!child.stdout) return reject(new Error("the Redis server cannot be heard"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      if (line.includes(sign)) resolve();
    });
  });
}

/** A port nobody listens on. Somebody may take it before the server does, who then says so. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || !address) throw new Error("no port on loopback");
  return address.port;
}
