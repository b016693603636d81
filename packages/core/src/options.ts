/** Says what a value should have been, or nothing if it is right. */
export type Check = (value: unknown) => string | undefined;

/** Options as they are once they were checked: those that are required have a value, even where their type lets undefined through. */
export type Checked<Options> = {
  [Name in keyof Options]: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Options[Name] : NonNullable<Options[Name]>;
};

/**
 * Throws a TypeError that names the first option which is wrong, missing or unknown. Values are never shown: they may be secrets.
 * The owner is what the user called, e.g. "xfa()". Afterwards required options count as defined: each needs a check that refuses
 * undefined, so that their types can be `string | undefined`, as `process.env` has them.
 */
export function checkOptions<Options>(
  owner: string,
  options: Options,
  checks: Readonly<Record<string, Check>>,
): asserts options is Options & Checked<Options> {
  if (typeof options !== "object" || options === null) throw new TypeError(`${owner}: the options must be an object`);
  const given = options as Record<string, unknown>; // an object, whose members are checked one by one below
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(checks, key)) throw new TypeError(`${owner}: unknown option "${key}"; known are ${Object.keys(checks).join(", ")}`);
  }
  for (const [key, check] of Object.entries(checks)) {
    const expected = check(given[key]);
    if (expected) throw new TypeError(`${owner}: option "${key}" must be ${expected}${given[key] === undefined ? missing : ""}`);
  }
}

/** An option without a value is often `process.env.SOMETHING`. */
export const missing = ", but is missing (is its environment variable set?)";

export const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "a non-empty string");
export const callback: Check = (value) => (typeof value === "function" ? undefined : "a function");
export const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
export const duration: Check = (value) => (typeof value === "number" && value >= 0 ? undefined : "a number of ms, 0 or more");
export const url: Check = (value) =>
  typeof value === "string" && isSecure(originOf(value)) ? undefined : "an absolute https URL (http on loopback only)";

export function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

export function oneOf(...values: readonly string[]): Check {
  return (value) => (values.includes(value as string) ? undefined : `"${values.join('" or "')}"`); // includes() compares, whatever it is given
}

/** The URL of a path below a base URL, which may have a path of its own. */
export function below(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/(?<!\/)\/+$/, "")}/${path}`;
}

/**
 * The origin of an http or https URL as it is parsed, with a slash at its end. None for a URL with a wildcard, a user or a
 * password: no request ever has the first, and fetch refuses the others with an error that shows them.
 */
export function originOf(address = ""): string | undefined {
  return /^https?:\/\/(\[.+]|[\w-]+(\.[\w-]+)*\.?)(:\d+)?\//.exec(parseUrl(address)?.href ?? "")?.[0];
}

/**
 * Whether a token may travel to this origin: https, or http to this very machine. A name below `localhost` is this machine in
 * browsers only; elsewhere a name server may answer for it (RFC 6761, section 6.3).
 */
export function isSecure(origin = ""): boolean {
  return (
    /^https:|^http:\/\/(localhost|127\.[\d.]+|\[::1])[:/]/.test(origin) ||
    ("isSecureContext" in globalThis && /\.localhost[:/]/.test(origin))
  );
}

/** `URL.parse`, which Node 20 does not have. */
export function parseUrl(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
