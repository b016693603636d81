import { memoryStore, type TokenStore } from "@keyturn/core";

/** Each process for itself. */
export const open = (): TokenStore => memoryStore();
