import type { Addresses } from "./suite/api.ts";
import type { Outcome } from "./suite/suite.ts";

/** What the suite gave in one runtime. */
export interface Report {
  readonly version: string;
  readonly outcomes: readonly Outcome[];
}

/** Something that runs JavaScript. */
export interface Runtime {
  readonly name: string;
  /** False where it neither is installed nor comes from npm. */
  readonly available: boolean;
  run(addresses: Addresses): Promise<Report>;
}
