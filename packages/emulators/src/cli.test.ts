import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Readable, Writable } from "node:stream";
import { afterEach, expect, it } from "vitest";

const command = new URL("cli.ts", import.meta.url).pathname;
let child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
afterEach(() => void child?.kill("SIGKILL"));

function start(...args: string[]) {
  const process_ = spawn(process.execPath, [command, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  child = process_;
  const said = { output: "", errors: "" };
  process_.stdout.on("data", (chunk) => (said.output += chunk));
  process_.stderr.on("data", (chunk) => (said.errors += chunk));
  const ended = once(process_, "close").then(([status]) => ({ status, ...said }));
  /** Resolves when the output has this in it. */
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(said.output);
      if (match) return match;
      await Promise.race([once(process_.stdout, "data"), ended.then(({ errors }) => Promise.reject(new Error(`it ended: ${errors}`)))]);
    }
  };
  return { until, ended, type: (line: string) => void process_.stdin.write(`${line}\n`), stop: () => void process_.kill("SIGINT") };
}

it("one command starts an emulator, logs each call without secrets, obeys what is typed, and ends when it is told to", async () => {
  const { until, ended, type, stop } = start("xsignals", "--access-token-lifetime", "60000");
  const [, url = ""] = await until(/XSignals, emulated, at (\S+)/);
  const [, username = ""] = await until(/username +(\S+)/);
  const [, password = ""] = await until(/password +(\S+)/);
  await until(/reset +back to the start/);

  const login = await fetch(`${url}/auth/login`, { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } });
  const { token } = await login.json();
  const ask = async () => (await fetch(`${url}/protected`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await ask()).toBe(200);
  await until(/200 +GET \/protected +api +\d+ ms +ann@example\.com, token 1/);
  type("expire");
  await until(/all access tokens are dead/);
  expect(await ask()).toBe(401);
  await until(/401 +GET \/protected +api +\d+ ms +token 1/);
  type("explode");
  await until(/type one of these:/);

  stop();
  const { status, errors, output } = await ended;
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  expect(output).not.toContain(token);
});

it("the OAuth 2 server starts with options, shows no secret in its log, and takes other options while it runs", async () => {
  const { until, ended, type, stop } = start("oauth2", "--expires-in", "words", "--clock-skew=-60000");
  const [, url = ""] = await until(/OAuth 2 \/ OpenID Connect, emulated, at (\S+)/);
  const [, id = ""] = await until(/client_id +(\S+)/);
  const [, secret = ""] = await until(/client_secret +(\S+)/);
  const metadata = () => fetch(`${url}/.well-known/openid-configuration`);
  const { token_endpoint } = await (await metadata()).json();
  expect(token_endpoint).toBe(`${url}/token`);
  const answer = await fetch(token_endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token, expires_in } = await answer.json();
  expect(expires_in).toBe("1h");
  await until(/200 +POST \/token +login +\d+ ms +example-client/);
  type("set metadata down");
  await until(/metadata is down from now on/);
  expect((await metadata()).status).toBe(503);

  stop();
  const { status, errors, output } = await ended;
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  expect(output).not.toContain(access_token);
  expect(output.split(secret)).toHaveLength(2);
});

it("a port that is taken is told in a sentence, with exit status 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { status, errors } = await start("xfa", "--port", String(port)).ended;
  server.close();
  expect({ status, errors }).toEqual({
    status: 1,
    errors: `port ${port} of 127.0.0.1 is taken: name another with --port, or none for a free one\n`,
  });
});

it("a wrong command line is told in a sentence, with exit status 2", async () => {
  const { status, errors } = await start("okta").ended;
  expect(status).toBe(2);
  expect(errors).toBe(
    'no emulator is called "okta". There are auth0, cognito, finapi, oauth2, oloid, platform-io, xfa, xsignals.\nnpx @keyturn/emulators --help tells what there is\n',
  );
});
