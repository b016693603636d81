import { type Check, oneOf, optional, url } from "@keyturn/core/provider";

/** Which finAPI: one of its own, or another address such as an emulator's. */
export type FinapiHost =
  | { readonly environment: "sandbox" | "live"; readonly baseUrl?: undefined }
  | { readonly baseUrl: string | undefined; readonly environment?: undefined };

export const hostChecks: Readonly<Record<keyof FinapiHost, Check>> = {
  environment: optional(oneOf("sandbox", "live")),
  baseUrl: optional(url),
};

/** The URL all paths stand below. Throws a TypeError unless exactly one of the two options says it. */
export function baseUrlOf(owner: string, { environment, baseUrl }: FinapiHost): string {
  if ((environment === undefined) === (baseUrl === undefined)) {
    throw new TypeError(`${owner}: one of the options "environment" and "baseUrl" must be given, and not both`);
  }
  return baseUrl ?? `https://${environment}.finapi.io`;
}

/** The host of the Web Form 2.0 beside it, which takes the tokens of users too; none is known beside an address of one's own. */
export function webFormOrigins({ environment }: FinapiHost): readonly string[] {
  return environment ? [`https://webform-${environment}.finapi.io`] : [];
}
