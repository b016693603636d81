import { describe, expect, it } from "vitest";
import { parseCommand, UsageError } from "./arguments.ts";
import { vendors } from "./vendors.ts";

const served = (...args: string[]) => {
  const command = parseCommand(args);
  if (command.mode !== "serve") throw new Error("this is not to serve");
  return command;
};

describe("the command line", () => {
  it("names an emulator, a port and options of the emulator", () => {
    const { vendor, ...rest } = served(
      ...["auth0", "--port", "4000", "--rotation", "on", "--leeway", "30000", "--mfa-requirements", "true"],
      ...["--mfa-status", "401", "--origins", '["http://localhost:5173"]', "--issuer", "42"],
    );
    expect(vendor).toBe(vendors.auth0);
    expect(rest).toEqual({
      mode: "serve",
      port: 4000,
      host: "127.0.0.1",
      options: {
        ...{ rotation: "on", leeway: 30_000, mfaRequirements: true, mfaStatus: 401 },
        ...{ origins: ["http://localhost:5173"], issuer: "42" },
      },
    });
  });

  it("leaves to the emulator what it does not name", () => {
    expect(served("xfa")).toEqual({ mode: "serve", vendor: vendors.xfa, port: 0, host: "127.0.0.1", options: {} });
  });

  it.each([
    ["no emulator at all", [], "which emulator? There are auth0, cognito"],
    ["an emulator that is none", ["okta"], 'no emulator is called "okta"'],
    ["a member of every object", ["constructor"], 'no emulator is called "constructor"'],
    ["a port that is none", ["xfa", "--port", "http"], "--port takes a whole number"],
    ["a port that no machine has", ["xfa", "--port", "65536"], "--port takes a whole number"],
    ["an option that is none", ["xsignals", "--rotate", "x"], "--rotate"],
    ["an option of another vendor", ["xsignals", "--leeway", "30000"], "--leeway"],
    ["a word that is no choice", ["xsignals", "--rotation", "rotates"], "--rotation takes same | rotate | rotate-and-revoke-family"],
    ["a word for a number", ["xsignals", "--access-token-lifetime", "1h"], "--access-token-lifetime takes a number"],
    ["a word for a flag", ["xsignals", "--no-store", "no"], "--no-store takes true | false"],
    ["an object for a list", ["xsignals", "--users", "{}"], "--users takes a JSON array"],
  ])("says what is wrong with %s", (_what, args, message) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
    expect(() => parseCommand(args)).toThrow(message);
  });

  it.each(Object.entries(vendors))("tells the options of %s, and starts it as it is", (name, { title, create }) => {
    const command = parseCommand([name, "--help"]);
    expect(command).toMatchObject({ mode: "help", text: expect.stringContaining(`${title}: npx @keyturn/emulators ${name}`) });
    expect(create(served(name).options).control.calls).toEqual([]);
  });
});
