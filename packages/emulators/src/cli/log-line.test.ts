import { expect, it } from "vitest";
import type { AnsweredCall } from "../kit/index.ts";
import { createXSignalsEmulator, defaultXSignalsUser } from "../xsignals/index.ts";
import { createLogLines } from "./log-line.ts";

const { username, password } = defaultXSignalsUser;

it("a log tells tokens apart and shows no secret, whatever was sent", async () => {
  const emulator = createXSignalsEmulator();
  const lineOf = createLogLines();
  const lines: string[] = [];
  const stop = emulator.control.watch((call) => lines.push(lineOf(call)));
  const basic = `Basic ${btoa(`${username}:${password}`)}`;
  const answer = await emulator.fetch(`https://api.test/auth/login?password=${password}`, { headers: { authorization: basic } });
  const { token, refreshToken } = await answer.json();
  const ask = (bearer: string) => emulator.fetch("https://api.test/protected", { headers: { authorization: `Bearer ${bearer}` } });
  await ask(token);
  await emulator.fetch("https://api.test/auth/refresh", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refreshToken }),
  });
  await ask(token);
  emulator.control.failNext("api", "network");
  await ask(token).catch(() => {});
  await emulator.fetch("https://api.test/nothing");
  stop();
  await ask(token);

  expect(
    lines.map((line) =>
      line
        .replace(/^[\d:.]{12} /, "")
        .replace(/ +\d+ ms/, "")
        .replaceAll(/ +/g, " ")
        .trim(),
    ),
  ).toEqual([
    "200 GET /auth/login login ann@example.com",
    "200 GET /protected api ann@example.com, token 1",
    "200 POST /auth/refresh refresh ann@example.com, token 2",
    "200 GET /protected api ann@example.com, token 1",
    "network GET /protected api",
    "404 GET /nothing nothing is there",
  ]);
  for (const secret of [password, basic, token, refreshToken]) expect(lines.join("\n")).not.toContain(secret);
});

it("a log has one line for a call, though a client sends control characters as its name", () => {
  const call: AnsweredCall = {
    at: 0,
    method: "GET",
    path: "/",
    status: 200,
    duration: 1,
    op: "login",
    identity: "ann\n00:00 forged\u001b[2J",
  };
  expect(createLogLines()(call)).toBe(
    "00:00:00.000  200      GET /                         login                1 ms  ann?00:00 forged?[2J",
  );
});
