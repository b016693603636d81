import { isSecure, missing, parseUrl } from "../options.ts";

/** Decides where tokens may go. */
export interface Origins {
  /** Whether a token may go to this URL. */
  allow(url: string): boolean;
}

/**
 * Only the origin of each counts. Plain http is refused unless it stays on this machine or is wished for.
 * `endpoints` are the provider's own: they get no token although they share an origin with the API.
 */
export function createOrigins(
  owner: string,
  origins: readonly (string | undefined)[] | undefined,
  insecure: boolean,
  endpoints: readonly string[],
): Origins {
  if (!origins?.length)
    throw new TypeError(`${owner}: option "origins" is missing, and the provider names none: which API are the tokens for?`);
  const own = new Set<string>();
  for (const value of origins) {
    const parsed = value === undefined ? undefined : parseUrl(value);
    if (!parsed || parsed.origin === "null")
      throw new TypeError(
        `${owner}: option "origins" must list absolute URLs such as "https://api.example.com"${value === undefined ? missing : ""}`,
      );
    if (!insecure && !isSecure(parsed.href))
      throw new TypeError(
        `${owner}: option "origins" holds ${parsed.origin}; tokens travel by https only, unless allowInsecureOrigins is true`,
      );
    own.add(parsed.origin);
  }
  const prefixes = [...own].map((origin) => `${origin}/`);
  return {
    allow(url) {
      // Most URLs are absolute and spelt as usual: behind "origin/" nothing can name another host.
      const plain = prefixes.some((prefix) => url.startsWith(prefix));
      if (plain && endpoints.length === 0) return true;
      const parsed = resolveUrl(url);
      return parsed?.protocol.startsWith("http") === true && own.has(parsed.origin) && !endpoints.includes(parsed.origin + parsed.pathname);
    },
  };
}

/** As fetch resolves it: relative to the page, whose `<base>` may name another host. */
export function resolveUrl(url: string): URL | undefined {
  return parseUrl(url, globalThis.document?.baseURI ?? globalThis.location?.href);
}
