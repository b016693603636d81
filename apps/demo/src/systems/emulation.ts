import type { Clock, Emulator, LoggedCall } from "@keyturn/emulators";
import type { Settings, System } from "./system.ts";

/** What the demo uses of an emulator's control. The log knows calls as "api", "login", "refresh", "revoke" and other operations. */
export interface Control {
  readonly calls: readonly LoggedCall<string>[];
  count(op: string, status?: number): number;
  hold(op: string): { arrived(count: number): Promise<void>; release(): void };
  expireAccess(): void;
}

/** How to start an emulator, and what a client can be held to there. */
export interface Emulation {
  readonly system: System;
  readonly renewsBy: "refresh" | "login";
  /** Whether a logout is told to the server. */
  readonly revokes: boolean;
  /** The server hands the same token out again as long as it lives, so that none can be renewed ahead of its end. */
  readonly sticky?: true;
  /** What the server must have seen before the first request of the session: operations, and how often. */
  readonly beforehand?: Readonly<Record<string, number>>;
  readonly start: (options: EmulationOptions) => Emulated;
}

export interface EmulationOptions {
  /** Of access tokens, in ms. */
  readonly lifetime: number;
  /** Pages that may call. */
  readonly origins: readonly string[];
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** An emulator, and what a client must be told to meet it at a URL. */
export interface Emulated {
  readonly emulator: Emulator<Control>;
  readonly settings: (url: string) => Settings;
}

/** The different tokens the API was shown since a place in the log, or those of them it answered with this status. */
export function tokensShown({ calls }: Control, from: number, status?: number): Set<string> {
  const shown = calls.slice(from).filter((call) => call.op === "api" && (status === undefined || call.status === status));
  return new Set(shown.flatMap(({ tokenUsed }) => tokenUsed ?? []));
}
