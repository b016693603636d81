import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.fixture.ts";
import { main } from "./main.ts";
import type { Emulation } from "./systems/emulation.ts";
import { emulations } from "./systems/index.ts";
import type { Connection } from "./systems/system.ts";

async function run(args: readonly string[], chosen: readonly Emulation[] = emulations) {
  const written = { output: "", errors: "" };
  const status = await main(args, {
    output: { write: (text) => (written.output += text) },
    errors: { write: (text) => (written.errors += text) },
    emulations: chosen,
    untilStopped: async () => {},
    environment: () => ({}),
    instead: inProcess(),
  });
  return { status, ...written };
}

/** The emulation, with a session that is spoilt. */
function spoilt({ system, ...emulation }: Emulation, spoil: (connection: Connection) => Partial<Connection["auth"]>): Emulation {
  const connect: typeof system.connect = async (settings, options) => {
    const connection = await system.connect(settings, options);
    return { ...connection, auth: { ...connection.auth, ...spoil(connection) } };
  };
  return { ...emulation, system: { ...system, connect } };
}

const only = (name: string): Emulation => {
  const found = emulations.find(({ system }) => system.name === name);
  if (!found) throw new Error(`no system ${name}`);
  return found;
};

describe("npm run demo", () => {
  it.each(emulations.map(({ system }) => system.name))("lives through %s, and all numbers are what they must be", async (name) => {
    const { status, errors, output } = await run([name]);
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    expect(output).toContain("All numbers are what they must be");
  });

  it("shows each system in one line of a table", async () => {
    const { output } = await run(["xfa"]);
    expect(output).toMatch(/^XFA +2\d\d +1 +4 +50 +0 +\d+ ms +ok$/m);
  });

  it("ends with status 1 and a clear line for each number that is wrong", async () => {
    const eager = spoilt(only("xfa"), ({ auth }) => ({
      async fetch(input, init) {
        await auth.getToken({ renew: true });
        return auth.fetch(input, init);
      },
    }));
    const { status, errors } = await run(["xfa"], [eager]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^XFA, steady traffic: \d\d refreshes, must be 3$/m);
  });

  it("ends with status 1 if requests fail", async () => {
    const failing = spoilt(only("xfa"), () => ({ fetch: async () => new Response(null, { status: 503 }) }));
    const { status, errors } = await run(["xfa"], [failing]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^XFA, cold burst: 50 failed requests, must be 0$/m);
  });

  it("ends with status 1 if a request goes out after the logout", async () => {
    const leaking = spoilt(only("xfa"), () => ({ logout: async () => {} }));
    const { status, errors } = await run(["xfa"], [leaking]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^XFA, logout: a request after it was not refused with a LoggedOutError$/m);
    expect(errors).toMatch(/^XFA, logout: 0 revocations, must be 1$/m);
  });

  it("ends with status 1 if a system cannot be started", async () => {
    const { system, ...rest } = only("xfa");
    const broken = { ...rest, system: { ...system, connect: () => Promise.reject(new TypeError("no such option")) } };
    const { status, errors } = await run(["xfa"], [broken]);
    expect({ status, errors }).toEqual({ status: 1, errors: "XFA, no such option\n" });
  });

  it("ends with status 2 and a list of the systems if it does not know one", async () => {
    const { status, errors } = await run(["xfb"]);
    expect(status).toBe(2);
    expect(errors).toContain("unknown system: xfb (there are xfa");
  });

  it("explains itself", async () => {
    const { status, output } = await run(["--help"]);
    expect(status).toBe(0);
    expect(output).toContain("--lifetime SECONDS");
  });
});
