import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { freshFolder } from "./folder.fixture.ts";
import { fileStore } from "./index.ts";

it("wrong arguments are TypeErrors, which show no value, before anything is touched", () => {
  expect(() => fileStore("")).toThrow(new TypeError("fileStore(): the first argument must be the path of a folder"));
  expect(() => fileStore(new URL("file:///tmp") as never)).toThrow("must be the path of a folder");
  expect(() => fileStore("~/session")).toThrow(/a shell expands "~"/);
  expect(() => fileStore("session", { encryptionKey: "planted-secret" })).toThrow(
    new TypeError('fileStore(): option "encryptionKey" must be 32 bytes, or base64 of them (openssl rand -base64 32)'),
  );
  expect(() => fileStore("session", { sharedWithGroup: "yes" as never })).toThrow('option "sharedWithGroup" must be true or false');
  expect(() => fileStore("session", { secret: "planted" } as never)).toThrow(
    'unknown option "secret"; known are encryptionKey, sharedWithGroup',
  );
});

it("a folder or a key that the environment lacks is a TypeError: nothing goes on without encryption", () => {
  const unset = process.env.KEYTURN_TEST_UNSET;
  expect(() => fileStore(unset)).toThrow("the path of the folder is missing (is its environment variable set?)");
  expect(() => fileStore("session", { encryptionKey: unset })).toThrow(
    /^fileStore\(\): option "encryptionKey" must be 32 bytes.*, but is missing \(is its environment variable set\?\)$/,
  );
});

it("a path counts from where the process was then; watching keeps no process alive", async () => {
  const folder = await freshFolder();
  const home = dirname(dirname(folder));
  const code = `const { fileStore } = await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});
    const store = fileStore("app/session");
    process.chdir("/");
    store.watch(() => {});
    await store.save({ format: 1, revision: 1, identity: "nobody" }, 0);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: home, stdio: "inherit" });
  const [exitCode] = await once(child, "exit");
  expect(exitCode).toBe(0);
  expect(await fileStore(folder).load()).toEqual({ format: 1, revision: 1, identity: "nobody" });
});
