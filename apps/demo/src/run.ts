import type { Fetch } from "@keyturn/core";
import type { Clock } from "@keyturn/emulators";
import { table } from "../../../scripts/table.ts";
import { measure } from "./measure.ts";
import { phases, type Seen } from "./phases.ts";
import type { Progress } from "./progress.ts";
import type { Emulated, Emulation } from "./systems/emulation.ts";
import type { ConnectOptions } from "./systems/system.ts";
import { realTime, type Time } from "./time.ts";
import { createTraffic } from "./traffic.ts";

/** Where an emulator is met. */
export interface Place {
  readonly url: string;
  readonly fetch?: Fetch;
  close(): Promise<void>;
}

/** How systems are lived through; without options as in reality. */
export interface RunOptions {
  readonly progress: Progress;
  /** Of access tokens, in ms. */
  readonly lifetime: number;
  /** Default: a real server on loopback, on a port of its own. */
  readonly host?: (emulator: Emulated["emulator"]) => Promise<Place>;
  readonly time?: Time;
  /** The clock of emulators and sessions. Default: the machine's. */
  readonly clock?: ConnectOptions["clock"] & Clock;
}

/** What came of one system. */
export interface Outcome extends Pick<Emulation, "sticky"> {
  readonly title: string;
  readonly seen: readonly Seen[];
  readonly slowestAroundRenewals: number;
  readonly problems: readonly string[];
}

/** Starts a system's emulator and lives through all phases with it. Never rejects: what breaks off is a problem. */
export async function runSystem(emulation: Emulation, options: RunOptions): Promise<Outcome> {
  const { title } = emulation.system;
  try {
    return await liveThrough(emulation, options);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { title, seen: [], slowestAroundRenewals: 0, problems: [problem] };
  }
}

async function liveThrough(emulation: Emulation, options: RunOptions): Promise<Outcome> {
  const { progress, lifetime, host = (emulator) => emulator.listen(), time = realTime, clock } = options;
  const { system, sticky, beforehand = {} } = emulation;
  const { title } = system;
  const emulated = emulation.start({ lifetime, origins: [], ...(clock && { clock }) });
  const { control } = emulated.emulator;
  const place: Place = await host(emulated.emulator);
  try {
    progress.phase(title, `starting at ${place.url}`);
    const connection = await system.connect(emulated.settings(place.url), {
      ...(place.fetch && { fetch: place.fetch }),
      ...(clock && { clock }),
    });
    const traffic = createTraffic(connection, time);
    const seen: Seen[] = [];
    const problems = Object.entries(beforehand)
      .filter(([operation, count]) => control.count(operation) !== count)
      .map(([operation, count]) => `the server did not see ${operation} ${count} times before the first request`);
    for (const phase of phases) {
      progress.phase(title, phase.name);
      const tell = (news: string) => progress.detail(title, `${phase.name}: ${news}`);
      const result = await measure(phase, { connection, control, traffic, time, lifetime, tell }, emulation);
      seen.push(result.seen);
      problems.push(...result.problems);
    }
    await connection.auth.close();
    progress.phase(title, problems.length > 0 ? "done, with wrong numbers" : "done");
    return { title, ...(sticky && { sticky }), seen, slowestAroundRenewals: traffic.slowestAroundRenewals(), problems };
  } finally {
    await place.close();
  }
}

const sum = (seen: readonly Seen[], member: keyof Seen): number => seen.reduce((total, phase) => total + phase[member], 0);

/** Every login and refresh after the first login. */
const renewalsOf = (seen: readonly Seen[]): number => sum(seen, "logins") + sum(seen, "refreshes") - (seen[0]?.logins ?? 0);

/** What the servers saw, one system a line. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ title, seen, slowestAroundRenewals, problems }) => {
    const numbers = [sum(seen, "requests"), seen[0]?.logins ?? 0, renewalsOf(seen), sum(seen, "unauthorized"), sum(seen, "failures")];
    return [title, ...numbers.map(String), `${Math.round(slowestAroundRenewals)} ms`, problems.length > 0 ? "WRONG" : "ok"];
  });
  const notes = outcomes.filter(({ sticky }) => sticky).map(({ title, seen }) => stickyNote(title, seen));
  return [table(["system", "requests", "logins", "renewals", "401s", "failures", "slowest around a renewal", ""], rows), ...notes].join(
    "\n",
  );
}

function stickyNote(title: string, seen: readonly Seen[]): string {
  const newTokens = seen.reduce((total, { tokens }) => total + Math.max(0, tokens - 1), 0);
  return `${title} gives the same token out until it ends: ${renewalsOf(seen) - newTokens} of its renewals brought back the one there was.`;
}
