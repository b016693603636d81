export type { FinapiOptions } from "./access.ts";
export { type FinapiCredentials, finapiClient, finapiUser } from "./finapi.ts";
export type { FinapiHost } from "./host.ts";
export { type CreatedUser, type CreateUserOptions, createUser, FinapiError, type NewUser } from "./users.ts";
