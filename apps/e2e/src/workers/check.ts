// The full counts of what many processes are proved by: `npm run check:workers [-- <store> …]`. Exit status 1 if one is wrong.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedisServer } from "../../../../scripts/redis-server.ts";
import { table } from "../../../../scripts/table.ts";
import { lostHolders } from "./lost-holders.ts";
import { expiries, type Finding, type Tell, wrongPassword } from "./proofs.ts";
import { outage, partition, redisPlace, restart } from "./redis-outages.ts";
import { pausedHolder, pauses } from "./redis-pauses.ts";

/** Everything that is proved of one store; `add` is given each finding as it comes. */
type Suite = (tell: Tell, add: (finding: Finding) => void) => Promise<void>;

const suites: Readonly<Record<string, Suite>> = {
  async file(tell, add) {
    const home = await mkdtemp(join(tmpdir(), "keyturn-"));
    const place = (name: string) => ({ module: new URL("stores/file.ts", import.meta.url), address: join(home, name) });
    try {
      add(await expiries(place("expiries"), {}, tell));
      add(await wrongPassword(place("password")));
      add(await lostHolders(place("killed"), "killed", {}, tell));
      add(await lostHolders(place("frozen"), "frozen", { times: 10 }, tell));
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },

  async redis(tell, add) {
    const server = await startRedisServer();
    const place = (client: string, key: string) => redisPlace({ urls: [server.url], client, key });
    try {
      for (const client of ["node-redis", "ioredis"]) {
        const shape = { client, count: 8, requests: 50 };
        add(await expiries(place(client, `expiries ${client}`), {}, tell));
        add(await wrongPassword(place(client, `password ${client}`)));
        add(await restart(server, shape, 5, tell));
        add(await outage(server, shape, 5, tell));
        add(await partition(server, shape, 5, tell));
        for (const pause of pauses) add(await pausedHolder(server, shape, pause));
      }
    } finally {
      await server.close();
    }
  },
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const startedAt = performance.now();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites[name]);
const rows: string[][] = [];
let wrong = 0;

if (unknown.length > 0) {
  process.stderr.write(`unknown store: ${unknown.join(", ")} (there are ${Object.keys(suites).join(", ")})\n`);
  process.exitCode = 2;
} else {
  for (const [name, suite] of Object.entries(suites)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    await suite(
      (news) => say(`${name}  ${news}`),
      (finding) => {
        rows.push([name, finding.name, finding.found, finding.wrong.length > 0 ? "WRONG" : "ok"]);
        wrong += finding.wrong.length;
        for (const problem of finding.wrong) say(`${name}  ${finding.name}: ${problem}`);
      },
    );
  }
  say(`\n${table(["store", "what", "counted by the server", ""], rows, 4)}\n`);
  say(
    `${wrong === 0 ? "All counts are what they must be" : "WRONG"} (${((performance.now() - startedAt) / 1000).toFixed(0)} s, Node ${process.version})`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
}
