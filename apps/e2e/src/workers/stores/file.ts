import type { TokenStore } from "@keyturn/core";
import { fileStore } from "@keyturn/store-file";

/** The folder at this path. */
export const open = (address: string): TokenStore => fileStore(address);
