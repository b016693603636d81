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
// A password in a URL is nothing fetch can send, and its error would show it.
export const url: Check = (value) =>
  typeof value === "string" && isSecure(value) && !/\/\/[^/]*@/.test(value) ? undefined : "an absolute https URL (http on loopback only)";

export function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

export function oneOf(...values: readonly string[]): Check {
  return (value) => (values.includes(value as string) ? undefined : values.map((one) => `"${one}"`).join(" or ")); // includes() compares, whatever it is given
}

/** The URL of a path below a base URL, which may have a path of its own. */
export function below(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, "")}/${path}`;
}

/** Whether a token may travel to this URL: https, or http to this very machine. */
export function isSecure(address: string): boolean {
  const { protocol, hostname } = parseUrl(address) ?? {};
  return protocol === "https:" || (protocol === "http:" && /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1]$/.test(hostname ?? ""));
}

/** `URL.parse`, which Node 20 does not have. */
export function parseUrl(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
