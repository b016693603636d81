import { parseArgs } from "node:util";
import { describeKnob, flagOf, KnobError, readKnob } from "./knob.ts";
import type { Vendor } from "./vendors.ts";
import { vendors } from "./vendors.ts";

/** What was asked for on the command line. */
export type Command =
  | { readonly mode: "help"; readonly text: string }
  | { readonly mode: "serve"; readonly vendor: Vendor; readonly port: number; readonly host: string; readonly options: Options };

type Options = Readonly<Record<string, unknown>>;

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {}

const names = Object.keys(vendors);

const usage = `npx @keyturn/emulators <vendor> [--port 4000] [--host 127.0.0.1] [--<option> <value> …]

  vendors   ${names.join(" ")}
  --port    default: a free one
  --help    after a vendor: its options
`;

/** Throws a UsageError for anything it does not know. */
export function parseCommand(args: readonly string[]): Command {
  const [name = "", ...rest] = args;
  if (name === "--help" || name === "-h") return { mode: "help", text: usage };
  const vendor = Object.hasOwn(vendors, name) ? vendors[name] : undefined;
  if (!vendor) throw new UsageError(`${name ? `no emulator is called "${name}".` : "which emulator?"} There are ${names.join(", ")}.`);
  const { help, port = "0", host = "127.0.0.1", ...given } = parsed(rest, vendor);
  if (help) return { mode: "help", text: usageOf(name, vendor) };
  return { mode: "serve", vendor, port: portOf(String(port)), host: String(host), options: optionsOf(vendor, given) };
}

function parsed(args: readonly string[], { knobs }: Vendor): Record<string, unknown> {
  const options = Object.keys(knobs).map((option) => [flagOf(option), { type: "string" }] as const);
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(options),
        port: { type: "string" },
        host: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function portOf(given: string): number {
  const port = Number(given);
  if (!(/^\d+$/.test(given) && port <= 65_535)) throw new UsageError("--port takes a whole number from 0 to 65535");
  return port;
}

function optionsOf({ knobs }: Vendor, given: Readonly<Record<string, unknown>>): Options {
  const options: Record<string, unknown> = {};
  for (const [option, knob] of Object.entries(knobs)) {
    const value = given[flagOf(option)];
    if (typeof value === "string") options[option] = read(() => readKnob(option, knob, value));
  }
  return options;
}

function read(value: () => unknown): unknown {
  try {
    return value();
  } catch (error) {
    throw error instanceof KnobError ? new UsageError(error.message) : error;
  }
}

function usageOf(name: string, { title, knobs }: Vendor): string {
  const rows = Object.entries(knobs).map(([option, knob]) => `  --${flagOf(option).padEnd(30)} ${describeKnob(knob)}`);
  return `${title}: npx @keyturn/emulators ${name} [--port 4000] [--<option> <value> …]

${rows.join("\n")}

Durations are in ms. What each option does, and its default: the README of @keyturn/emulators.
`;
}
