import type { AuthErrorCode } from "../errors.ts";
import type { Fetch } from "../provider/provider.ts";
import { redirecting, type Sent } from "./wire.ts";

/** A server out of order, and what a grant must make of it. */
export interface Failure {
  readonly what: string;
  readonly answer: (sent: Sent) => Promise<Response>;
  /** The codes of errors that fit; absent: any. */
  readonly codes?: readonly AuthErrorCode[];
  /** What the error must say of the waiting time, in ms. */
  readonly retryAfter?: number;
}

const malformed: readonly AuthErrorCode[] = ["token-response-malformed"];
const unavailable: readonly AuthErrorCode[] = ["token-request-failed"];
const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };
const date = "Thu, 01 Jan 2026 00:00:00 GMT";

const page = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  new Response("<title>Sorry</title>", { status, headers: { ...html, ...headers } });
const text = (body: string, status = 200) => new Response(body, { status, headers: json });

/** Answers no provider can have a code for: they look the same from every server. */
export const failures: readonly Failure[] = [
  { what: "an HTML page with status 200", answer: async () => page(200), codes: malformed },
  { what: "an empty 200", answer: async () => new Response(null), codes: malformed },
  { what: "a JSON object without tokens", answer: async () => text('{"status":"ok"}'), codes: malformed },
  { what: "a JSON list", answer: async () => text('["token"]'), codes: malformed },
  { what: "a JSON null", answer: async () => text("null"), codes: malformed },
  { what: "JSON cut off", answer: async () => text('{"access_token":"'), codes: malformed },
  { what: "an OAuth error with status 200", answer: async () => text('{"error":"invalid_request"}') },
  {
    what: "the error of an AWS front end with status 200",
    answer: async () => text('{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}'),
  },
  { what: "an unknown 404", answer: async () => page(404) },
  { what: "an unknown 418", answer: async () => text("{}", 418) },
  { what: "a 500 with a body that is no object", answer: async () => text('"down"', 500), codes: unavailable },
  { what: "a 502 of a proxy", answer: async () => page(502), codes: unavailable },
  { what: "a 503", answer: async () => new Response(null, { status: 503 }), codes: unavailable },
  { what: "a 503 with Retry-After", answer: async () => page(503, { "retry-after": "7" }), codes: unavailable, retryAfter: 7000 },
  {
    what: "a 503 with a date to retry after",
    answer: async () => page(503, { date, "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }),
    codes: unavailable,
    retryAfter: 30_000,
  },
  { what: "a 429", answer: async () => new Response(null, { status: 429 }), codes: unavailable },
  { what: "a 429 with Retry-After", answer: async () => page(429, { "retry-after": "9" }), codes: unavailable, retryAfter: 9000 },
  { what: "a 425", answer: async () => page(425), codes: unavailable },
  { what: "a 409 with Retry-After", answer: async () => page(409, { "retry-after": "8" }), codes: unavailable, retryAfter: 8000 },
  { what: "a redirect", answer: redirecting, codes: unavailable },
  // Deno names the URL in the message.
  { what: "a network error", answer: ({ url }) => Promise.reject(new TypeError(`fetch failed: ${url}`)), codes: unavailable },
];

/** Values of Retry-After that ask for no wait, or that nobody can read: none of them may make a wait shorter. */
export const oddRetryAfters: readonly string[] = ["0", "-1", "1.5", "3, 3", "1e3", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"];

/** Answers that repeat what was sent, in the members where servers put words for people, and where no JSON was meant to be. */
export function echoes(secrets: readonly string[]): readonly { readonly what: string; readonly fetch: Fetch }[] {
  const said = `it said: ${secrets.join(" ")}`;
  const words = { message: said, error_description: said, detail: said, error: { message: said } };
  const body = JSON.stringify({ ...words, errors: [{ title: said, detail: said }], Output: { message: said } });
  return [
    ...[200, 400, 401, 403, 500].map((status) => ({
      what: `an error with status ${status} that repeats them`,
      fetch: async () => new Response(body, { status, headers: { ...json, "x-amzn-errormessage": encodeURI(said) } }),
    })),
    // The runtime's own SyntaxError quotes what it could not read.
    ...secrets.map((secret) => ({ what: "a body that is one of them", fetch: async () => new Response(secret, { headers: json }) })),
  ];
}
