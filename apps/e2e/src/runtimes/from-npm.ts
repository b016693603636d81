import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type Program, startProgram } from "../program.ts";

/** A command line with a package's programs on its PATH. Nothing is added to the workspace; once cached, no network is asked. */
export function startFromNpm(packageAndVersion: string, command: string): Promise<Program> {
  const args = ["exec", "--yes", "--prefer-offline", "--loglevel=error", `--package=${packageAndVersion}`, "-c", command];
  return startProgram("npm", args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** What a command wrote, once it has ended by itself. */
export async function outputOf(packageAndVersion: string, command: string, limit = 120_000): Promise<string> {
  const child = await startFromNpm(packageAndVersion, command);
  const { stdout, stderr } = child.process;
  if (!stdout || !stderr) throw new Error("npm has no output to read");
  const ended = Promise.all([text(stdout), text(stderr), once(child.process, "close")]);
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`${command} did not end within ${limit / 1000} s`)), limit);
  });
  try {
    const [output, errors, [code]] = await Promise.race([ended, tooLate]);
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors || output}`);
    return output;
  } finally {
    clearTimeout(late);
    await child.stop();
  }
}
