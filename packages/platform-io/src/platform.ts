import { type Check, checkOptions, oneOf, url } from "@keyturn/core/provider";

/** One environment of a platform instance, by its id or by its URL. Each has service users of its own. */
export type PlatformIoOptions =
  | { readonly platformId: string | undefined; readonly environment: "production" | "staging"; readonly baseUrl?: undefined }
  | { readonly baseUrl: string | undefined; readonly platformId?: undefined; readonly environment?: undefined };

/** Where its API is. Throws a TypeError unless the options say it in exactly one of the two ways. */
export function baseUrlOf(owner: string, options: PlatformIoOptions): string {
  const byId =
    (check: Check): Check =>
    (value) =>
      options.baseUrl === undefined ? check(value) : unneeded(value);
  checkOptions(owner, options, {
    baseUrl: (value) => (value === undefined ? undefined : url(value)),
    platformId: byId(hostLabel),
    environment: byId(oneOf("production", "staging")),
  });
  return options.baseUrl ?? `https://api.${options.environment === "staging" ? "staging." : ""}${options.platformId}.platform.io`;
}

const hostLabel: Check = (value) => (typeof value === "string" && /^[\w-]+$/.test(value) ? undefined : "the id of your platform instance");
const unneeded: Check = (value) => (value === undefined ? undefined : 'left out where "baseUrl" is given');
