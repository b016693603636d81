import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type RedisClient, runScript } from "./client.ts";
import { saveScript } from "./scripts.ts";

const secret = "refresh-token-4711";

/** Clients whose server answers as told, and what it was asked. */
function clients(answer: (command: "EVALSHA" | "EVAL") => unknown) {
  const asked: unknown[][] = [];
  const reply =
    (command: "EVALSHA" | "EVAL") =>
    async (...args: unknown[]) => {
      asked.push([command, ...args]);
      return answer(command);
    };
  const nodeRedis: RedisClient = { evalSha: reply("EVALSHA"), eval: reply("EVAL") };
  const ioRedis: RedisClient = { evalsha: reply("EVALSHA"), eval: reply("EVAL") };
  return { nodeRedis, ioRedis, asked };
}

describe("a script", () => {
  it("is run by its name", async () => {
    const { nodeRedis, ioRedis, asked } = clients(() => 1);
    const sha = await saveScript.sha();
    expect(sha).toMatch(/^[0-9a-f]{40}$/);
    expect(await runScript(nodeRedis, saveScript, "key", ["0", "1"])).toBe(1);
    expect(await runScript(ioRedis, saveScript, "key", ["0", "1"])).toBe(1);
    expect(asked).toEqual([
      ["EVALSHA", sha, { keys: ["key"], arguments: ["0", "1"] }],
      ["EVALSHA", sha, 1, "key", "0", "1"],
    ]);
  });

  it("is run by its text where the server does not know it, as after a restart", async () => {
    const unknown = (command: string) => (command === "EVAL" ? 1 : Promise.reject(new Error("NOSCRIPT No matching script.")));
    const { nodeRedis, ioRedis, asked } = clients(unknown);
    expect(await runScript(nodeRedis, saveScript, "key", ["0"])).toBe(1);
    expect(await runScript(ioRedis, saveScript, "key", ["0"])).toBe(1);
    expect(asked.filter(([command]) => command === "EVAL")).toEqual([
      ["EVAL", saveScript.text, { keys: ["key"], arguments: ["0"] }],
      ["EVAL", saveScript.text, 1, "key", "0"],
    ]);
  });

  it("that fails is not run a second time, and its error shows nothing of what it was given", async () => {
    const message = `ERR unknown command 'EVALSHA', with args beginning with: 'sha' '1' 'key' '${secret}'`;
    const failure = Object.assign(new Error(message), { command: { name: "evalsha", args: ["sha", secret] } });
    const { nodeRedis, ioRedis, asked } = clients(() => Promise.reject(failure));
    for (const client of [nodeRedis, ioRedis]) {
      const error = await runScript(client, saveScript, "key", [secret]).catch((thrown: unknown) => thrown);
      expect(String(error)).toBe("Error: Redis, key \"key\": ERR unknown command 'EVALSHA'");
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
    expect(asked).toHaveLength(2);
  });
});
