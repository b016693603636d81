export type { Auth0Control, Auth0Op } from "./emulator.ts";
export { createAuth0Emulator } from "./emulator.ts";
export { defaultTotpSecret } from "./mfa.ts";
export type { Auth0Client, Auth0Options, Auth0User, Auth0UserState } from "./options.ts";
export { defaultAuth0Client, defaultAuth0User } from "./options.ts";
