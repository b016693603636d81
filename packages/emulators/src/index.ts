export * from "./auth0/index.ts";
export * from "./cognito/index.ts";
export * from "./finapi/index.ts";
export * from "./kit/index.ts";
export * from "./oloid/index.ts";
export * from "./platform-io/index.ts";
export * from "./xfa/index.ts";
export * from "./xsignals/index.ts";
