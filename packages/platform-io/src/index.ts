export { type PlatformIoCredentials, type PlatformIoOptions, platformIo } from "./platform-io.ts";
