export * from "./kit/index.ts";
export * from "./xsignals/index.ts";
