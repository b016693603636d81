import { describe, expect, it } from "vitest";
import { main } from "./main.ts";
import type { Emulation } from "./systems/emulation.ts";
import { finapiEmulation } from "./systems/finapi.ts";
import { emulations } from "./systems/index.ts";
import type { Settings } from "./systems/system.ts";
import { xfaEmulation } from "./systems/xfa.ts";

async function live(args: readonly string[], environment: Settings) {
  const written = { output: "", errors: "" };
  const status = await main([...args, "--live"], {
    output: { write: (text) => (written.output += text) },
    errors: { write: (text) => (written.errors += text) },
    emulations,
    untilStopped: async () => {},
    environment: () => environment,
  });
  return { status, ...written };
}

/** Talks to a new emulator; `change` spoils what the environment says. */
async function liveEmulated(emulation: Emulation, args = [emulation.system.name], change = (settings: Settings): Settings => settings) {
  const emulated = emulation.start({ lifetime: 3_600_000, origins: [] });
  const server = await emulated.emulator.listen();
  const result = await live(args, change(emulated.settings(server.url)));
  await server.close();
  return { ...result, control: emulated.emulator.control };
}

describe("npm run demo -- --live", () => {
  it.each(emulations)("talks to $system.title where the environment says it is", async (emulation) => {
    const { system, renewsBy, sticky, revokes } = emulation;
    const { status, output, errors, control } = await liveEmulated(emulation);

    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    expect(output.split("\n")).toEqual([
      expect.stringMatching(`^${system.title}  logged in: for 3(600|599) s$`),
      `${system.title}  GET /protected: 200`,
      expect.stringMatching(
        `^${system.title}  renewed by ${renewsBy}: ${sticky ? "the same token again" : "a new token"}, for 3(600|599) s$`,
      ),
      `${system.title}  logged out`,
      "",
    ]);
    const renewals = { login: renewsBy === "login" ? 1 : 0, refresh: renewsBy === "refresh" ? 1 : 0 };
    expect(control.count("api")).toBe(1);
    expect(control.count("login")).toBe(1 + renewals.login);
    expect(control.count("refresh")).toBe(renewals.refresh);
    expect(control.count("revoke")).toBe(revokes ? 1 : 0);
  });

  it("logs in a user of finAPI whom the environment names, and creates none", async () => {
    const named = { FINAPI_USERNAME: "ann@example.com", FINAPI_PASSWORD: "Correct-Horse-9!" };
    const { status, control } = await liveEmulated(finapiEmulation, ["finapi"], (settings) => ({ ...settings, ...named }));
    expect(status).toBe(0);
    expect(control.count("create-user")).toBe(0);
  });

  it("ends with status 1 and the reason if the password is wrong", async () => {
    const { status, errors } = await liveEmulated(xfaEmulation, ["xfa"], (settings) => ({ ...settings, XFA_PASSWORD: "wrong-password" }));
    expect(status).toBe(1);
    expect(errors).toMatch(/^XFA, xfa: login .*NotAuthorizedException/);
    expect(errors).not.toContain("wrong-password");
  });

  it("ends with status 1 if the API refuses the request, and logs out all the same", async () => {
    const { status, errors, control } = await liveEmulated(xfaEmulation, ["xfa"], (settings) => ({
      ...settings,
      XFA_PATH: "/nothing-here",
    }));
    expect({ status, errors }).toEqual({ status: 1, errors: "XFA, GET /nothing-here was answered with 404\n" });
    expect(control.count("revoke")).toBe(1);
  });

  it("lists what a system lacks, and for what it is", async () => {
    const { status, errors } = await live(["xfa"], { XFA_USERNAME: "service@example.com", XFA_PATH: "/devices" });
    expect(status).toBe(2);
    expect(errors).toMatch(
      /^XFA lacks, in the environment or in .env:\n {2}XFA_BASE_URL +where its API is\n {2}XFA_PASSWORD +its password\n/,
    );
    expect(errors).not.toContain("OLOID");
  });

  it("without a name talks to every system whose variables are there", async () => {
    const { status, output } = await liveEmulated(xfaEmulation, []);
    expect(status).toBe(0);
    expect(output).toMatch(/^(XFA .+\n){4}$/);
  });

  it("without a name and without any variable lists them all", async () => {
    const { status, errors } = await live([], {});
    expect(status).toBe(2);
    for (const { system } of emulations) for (const name of Object.keys(system.needs)) expect(errors).toContain(`  ${name} `);
  });
});
