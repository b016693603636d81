import { isSecure, missing, originOf, parseUrl } from "../options.ts";

/** Decides where tokens may go. */
export interface Origins {
  /** Whether a token may go to this URL. */
  allow(url: string): boolean;
}

/**
 * Only the origin of each counts. Plain http is refused unless it stays on this machine or is allowed.
 * `endpoints` are the provider's own, a list that may grow: they get no token although they share an origin with the API.
 */
export function createOrigins(
  owner: string,
  origins: readonly (string | undefined)[] | undefined,
  insecure: boolean,
  endpoints: readonly string[],
): Origins {
  const wrong = (what: string) => new TypeError(`${owner}: option "origins" ${what}`);
  if (!origins?.length) throw wrong("is missing: which API are the tokens for?");
  const own = origins.map((value) => {
    const origin = originOf(value);
    if (!origin) throw wrong(`must list absolute URLs, no wildcard or password${value === undefined ? missing : ""}`);
    if (!insecure && !isSecure(origin)) throw wrong(`holds ${origin}: not https, and allowInsecureOrigins is not true`);
    return origin;
  });
  const isOurs = (url: string) => own.some((origin) => url.startsWith(origin)); // behind "origin/" nothing can name another host
  const places: string[] = [];
  return {
    allow(url) {
      if (endpoints.length === 0 && isOurs(url)) return true; // most URLs are absolute and spelt as usual
      const href = resolveUrl(url)?.href ?? "";
      for (const endpoint of endpoints.slice(places.length)) places.push(placeOf(parseUrl(endpoint)?.href));
      return isOurs(href) && !places.includes(placeOf(href));
    },
  };
}

/** Where a request arrives, whatever its query: servers decode what is percent-encoded (RFC 3986, section 6.2.2.2). */
function placeOf(href = ""): string {
  return href.replace(/[?#].*/, "").replace(/%(..)/g, (_, code) => String.fromCharCode(Number(`0x${code}`)));
}

/** As fetch resolves it: relative to the page, whose `<base>` may name another host. */
export function resolveUrl(url: string): URL | undefined {
  return parseUrl(url, globalThis.document?.baseURI ?? globalThis.location?.href);
}
