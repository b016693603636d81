export type { FinapiOptions } from "./access.ts";
export { type FinapiCallOptions, FinapiError, type FinapiSession } from "./calls.ts";
export { decryptData } from "./encryption.ts";
export { type FinapiCredentials, type FinapiUserOptions, finapiClient, finapiUser } from "./finapi.ts";
export type { FinapiHost } from "./host.ts";
export { changePassword, executePasswordChange, type PasswordChange, requestPasswordChange } from "./passwords.ts";
export { type FinapiClientSession, type RevokeTokenOptions, revokeToken } from "./revocation.ts";
export {
  type CreatedUser,
  createUser,
  deleteUnverifiedUser,
  deleteUser,
  editUser,
  type FinapiUser,
  getUser,
  isUserVerified,
  type NewUser,
  type UserChanges,
  verifyUser,
} from "./users.ts";
