import type { Addresses } from "./api.ts";

/** One thing that must be so in every runtime; rejects where it is not. */
export type Case = (addresses: Addresses) => Promise<void>;

/** Cases by the sentence that each proves. */
export type Cases = Readonly<Record<string, Case>>;
