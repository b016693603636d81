import type { Control, Emulation } from "../systems/emulation.ts";
import type { Settings } from "../systems/system.ts";
import type { Backend } from "./backend.ts";
import type { DeskParts } from "./desk.ts";
import { now, openSession } from "./session.ts";

/** What a desk stands on, with emulators in this process and timers that go off by hand. */
export interface Bench {
  readonly parts: DeskParts;
  readonly control: (system: string) => Control;
  /** Lets every timer go off once. */
  readonly tick: () => void;
  readonly timers: () => number;
}

export function createBench(emulations: readonly Emulation[]): Bench {
  const started = new Map(
    emulations.map(({ system, start }) => {
      const { emulator, settings } = start({ lifetime: 60_000, origins: [] });
      return [system.name, { emulator, settings: settings(`https://${system.name}.test`) }];
    }),
  );
  const named = (name: string) => {
    const found = started.get(name);
    if (!found) throw new Error(`no emulator of ${name}`);
    return found;
  };
  const settings: Record<string, Settings> = Object.fromEntries([...started].map(([name, entry]) => [name, entry.settings]));
  const backend: Backend = {
    settings: async () => settings,
    async counts(name) {
      const { control } = named(name).emulator;
      return {
        calls: control.count("api"),
        logins: control.count("login"),
        refreshes: control.count("refresh"),
        unauthorized: control.count("api", 401),
        failures: 0,
      };
    },
    expire: async (name) => named(name).emulator.control.expireAccess(),
  };
  const timers = new Set<() => void>();

  return {
    parts: {
      settings,
      backend,
      open: (system, given, report) => openSession(system, given, report, (input, init) => named(system.name).emulator.fetch(input, init)),
      now,
      every(_ms, work) {
        timers.add(work);
        return () => timers.delete(work);
      },
    },
    control: (name) => named(name).emulator.control,
    tick() {
      for (const work of timers) work();
    },
    timers: () => timers.size,
  };
}
