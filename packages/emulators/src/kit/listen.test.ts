import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { manualClock } from "./clock.ts";
import { createKit } from "./kit.ts";
import type { Listening } from "./listen.ts";

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start() {
  const kit = createKit<"echo">({ name: "listening", clock: manualClock(), throttled: () => new Response(null, { status: 429 }) });
  kit.route("POST", "/echo", "echo", ({ bytes }) => new Response(bytes));
  const emulator = kit.emulator({});
  const server = await emulator.listen();
  servers.push(server);
  return { emulator, server, post: (body: BodyInit) => fetch(`${server.url}/echo`, { method: "POST", body }) };
}

describe("a listening emulator", () => {
  it("has a loopback port of its own and shares its state with fetch in-process", async () => {
    const [one, two] = [await start(), await start()];
    expect(one.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.server.url).not.toBe(two.server.url);
    await one.post("hi");
    expect([one.emulator.control.count("echo"), two.emulator.control.count("echo")]).toEqual([1, 0]);
  });

  it("sends its own Date and the bytes it got", async () => {
    const { post } = await start();
    const sent = Uint8Array.from([0, 255, 13, 10, 128]);
    const response = await post(sent);
    expect(response.headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(sent);
  });

  it.each(["before", "after"] as const)("breaks the connection for a network fault %s its work", async (when) => {
    const { emulator, post } = await start();
    emulator.control.failNext("echo", "network", { when });
    await expect(post("hi")).rejects.toThrow(TypeError);
    expect((await post("hi")).status).toBe(200);
  });

  it("closes although a keep-alive connection is idle and a call is held", async () => {
    const { emulator, server, post } = await start();
    await (await post("keeps its connection")).text();
    const hold = emulator.control.hold("echo");
    const held = post("held").catch((error: unknown) => error);
    await hold.arrived(1);
    servers.splice(servers.indexOf(server), 1);
    await server.close();
    expect(await held).toBeInstanceOf(TypeError);
    await expect(post("closed")).rejects.toThrow(TypeError);
  });

  it.each([
    ...["GET // HTTP/1.1\r\nhost: x", "GET //[ HTTP/1.1\r\nhost: x", "GET http://[ HTTP/1.1\r\nhost: x", "OPTIONS * HTTP/1.1\r\nhost: x"],
    ...[
      "GET / HTTP/1.1\r\nhost: [",
      "GET / HTTP/1.0",
      "CONNECT x:1 HTTP/1.1\r\nhost: x",
      "GET /%ff%zz HTTP/1.1\r\nhost: x",
      "\u0016\u0003\u0001",
    ],
  ])("is not ended by a request that makes no sense: %j", async (head) => {
    const { server, post } = await start();
    await new Promise((closed) => {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.end(`${head}\r\n\r\n`));
      socket
        .on("error", () => {})
        .on("close", closed)
        .resume();
    });
    expect(await (await post("hi")).text()).toBe("hi");
  });

  it("reports a port that is taken", async () => {
    const { emulator, server } = await start();
    await expect(emulator.listen({ port: Number(new URL(server.url).port) })).rejects.toThrow("EADDRINUSE");
  });
});
