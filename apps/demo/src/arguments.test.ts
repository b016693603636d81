import { describe, expect, it } from "vitest";
import { parseCommand, UsageError } from "./arguments.ts";

const parse = (...args: string[]) => parseCommand(args, ["xfa", "oloid"]);

describe("the command line", () => {
  it("without a word means all systems", () => {
    expect(parse()).toEqual({ names: [], mode: "run", lifetime: undefined });
  });

  it("names systems", () => {
    expect(parse("oloid", "xfa").names).toEqual(["oloid", "xfa"]);
  });

  it.each([
    ["--serve", "serve"],
    ["--live", "live"],
    ["--help", "help"],
    ["-h", "help"],
  ])("takes %s", (option, mode) => {
    expect(parse(option).mode).toBe(mode);
  });

  it("takes a lifetime in seconds", () => {
    expect(parse("--lifetime", "60").lifetime).toBe(60_000);
  });

  it.each([
    [["xfb"], "unknown system: xfb (there are xfa, oloid)"],
    [["--servr"], "Unknown option '--servr'"],
    [["--serve", "--live"], "--serve and --live exclude each other"],
    [["--lifetime", "4"], "--lifetime takes whole seconds, 5 at least"],
    [["--lifetime", "5.5"], "--lifetime takes whole seconds, 5 at least"],
    [["--lifetime", "soon"], "--lifetime takes whole seconds, 5 at least"],
  ])("refuses %j and says why", (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});
