import type { Listening } from "../kit/index.ts";
import type { Command } from "./arguments.ts";
import { parseCommand, UsageError } from "./arguments.ts";
import { obey, orderList } from "./commands.ts";
import { createLogLines } from "./log-line.ts";

/** What the command is run in. */
export interface Surroundings {
  readonly output: { write(text: string): unknown };
  readonly errors: { write(text: string): unknown };
  /** Lines typed while the emulator runs; they may end before it does. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when the emulator is to end. */
  readonly untilStopped: () => Promise<void>;
}

/** Runs an emulator until it is stopped. Resolves to the exit status: 0, 1 if it could not listen, 2 for a wrong command line. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, errors } = surroundings;
  try {
    const command = parseCommand(args);
    if (command.mode === "serve") return await serve(command, surroundings);
    output.write(command.text);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    errors.write(`${error.message}\nnpx @keyturn/emulators --help tells what there is\n`);
    return 2;
  }
}

type Serve = Extract<Command, { mode: "serve" }>;

async function serve({ vendor, port, host, options }: Serve, { output, errors, lines, untilStopped }: Surroundings): Promise<number> {
  const { control, listen } = vendor.create(options);
  const say = (text: string) => void output.write(`${text}\n`);
  let server: Listening;
  try {
    server = await listen({ port, host });
  } catch (error) {
    errors.write(`${reasonOf(error, port, host)}\n`);
    return 1;
  }
  const lineOf = createLogLines();
  control.watch((call) => say(lineOf(call)));
  say(`${vendor.title}, emulated, at ${server.url}\n`);
  if (!("users" in options)) say(`log in with (all made up):\n${table(vendor.login)}\n`);
  say(`its API:\n${table({ "/protected": "GET: who is asking", "/echo": "any method: the body comes back" })}\n`);
  say(`type, or end with Ctrl-C:\n${orderList(control)}\n`);
  void (async () => {
    for await (const line of lines) {
      const news = obey(line, control, vendor.knobs);
      if (news) say(news);
    }
  })();
  await untilStopped();
  await server.close();
  return 0;
}

function table(rows: Readonly<Record<string, string>>): string {
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(15)}${value}`)
    .join("\n");
}

function reasonOf(error: unknown, port: number, host: string): string {
  const code = (error as { readonly code?: unknown }).code; // Node's errors have one
  if (code === "EADDRINUSE") return `port ${port} of ${host} is taken: name another with --port, or none for a free one`;
  if (code === "EACCES") return `port ${port} of ${host} is not yours to use: name one above 1023 with --port`;
  return `cannot listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}`;
}
