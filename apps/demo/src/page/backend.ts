import ky from "ky";
import type { Settings } from "../systems/system.ts";
import type { Counts } from "./counters.ts";

/** The demo's own server, which holds the strings of the emulators. */
export interface Backend {
  /** How to meet each system, by its name. */
  settings(): Promise<Readonly<Record<string, Settings>>>;
  counts(system: string): Promise<Counts>;
  /** Ends the access tokens on the server only. */
  expire(system: string): Promise<void>;
}

export function createBackend(url: string): Backend {
  const control = ky.create({ baseUrl: new URL("/control/", url), retry: 0 });
  return {
    settings: () => control.get("settings").json(),
    counts: (system) => control.get(`${system}/counts`).json(),
    async expire(system) {
      await control.post(`${system}/expire`);
    },
  };
}
