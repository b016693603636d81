import { parseArgs } from "node:util";

/** What was asked for on the command line. */
export interface Command {
  /** Names of systems; none means all. */
  readonly names: readonly string[];
  readonly mode: "run" | "serve" | "live" | "help";
  /** Of the emulators' access tokens, in ms. Absent: what suits the mode. */
  readonly lifetime: number | undefined;
}

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {}

export const usage = (names: readonly string[]): string => `npm run demo [-- <system> …] [-- --serve | --live] [-- --lifetime <seconds>]
npm run demo -- tabs
npm run demo -- workers [file|redis]

  Without an option: starts the emulators and lives through each system, side by side.
  --serve             keeps the emulators running and serves a page to try them with
  --live              talks to the real service, with credentials of the environment or of .env
  --lifetime SECONDS  how long the emulators' access tokens live, 5 at least
  systems             ${names.join(" ")}
  tabs                a page on which four tabs share a session
  workers             four processes that share a session in a store
`;

const shortest = 5;

/** Throws a UsageError for anything it does not know. */
export function parseCommand(args: readonly string[], known: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`unknown system: ${unknown.join(", ")} (there are ${known.join(", ")})`);
  if (values.serve && values.live) throw new UsageError("--serve and --live exclude each other");
  return { names: positionals, mode: modeOf(values), lifetime: lifetimeOf(values.lifetime) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        serve: { type: "boolean" },
        live: { type: "boolean" },
        lifetime: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function modeOf({ help, serve, live }: { help?: boolean; serve?: boolean; live?: boolean }): Command["mode"] {
  if (help) return "help";
  if (serve) return "serve";
  return live ? "live" : "run";
}

function lifetimeOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (!(seconds >= shortest && Number.isInteger(seconds))) throw new UsageError(`--lifetime takes whole seconds, ${shortest} at least`);
  return seconds * 1000;
}
