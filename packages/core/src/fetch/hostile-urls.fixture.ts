import fc from "fast-check";

const schemes = ["https:", "http:", "HTTPS:", "blob:", "javascript:", "ws:"];
const separators = ["//", "/", "\\", "\\\\", "@", ":", "::", "?", "#", ".", "..", "%2e", "%2f", "%40", "%", "user:pass@", "*"];
const hosts = ["api.example.com", "API.EXAMPLE.COM", "evil.example", "127.0.0.1", "[::1]", ":443", ":80", ":3000", "api", "example", "com"];
/** White space, stops of other scripts, what is not seen, and letters that look like Latin ones. */
const signs = ["\t", "\n", " ", "\u0000", "\u3002", "\uFF0E", "\u2024", "\u00AD", "\u200D", "\uFF21", "\u0430"];

/** URLs that look like those of `own` origins, made of pieces in any order; some are. */
export function hostileUrls(own: readonly string[], others: readonly string[] = hosts): fc.Arbitrary<string> {
  const pieces = fc.constantFrom(
    ...schemes,
    ...separators,
    ...others,
    ...signs,
    ...own.map((origin) => origin.replace(/^https?:\/\//, "")),
  );
  const lookAlikes = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
  const prefixed = fc.tuple(fc.constantFrom(...own), lookAlikes).map((parts) => parts.join(""));
  const elsewhere = fc.tuple(
    fc.constantFrom("https://", "http://"),
    fc.stringMatching(/^[a-z][a-z0-9-]{0,9}\.example(:\d{2,4})?$/),
    fc.string(),
  );
  return fc.oneof(
    lookAlikes,
    prefixed,
    elsewhere.map(([scheme, host, path]) => `${scheme}${host}/${path}`),
    fc.string({ unit: "grapheme" }),
  );
}
