import { below, type Check, checkOptions, type Fetch, oneOf, optional, readObject, text } from "@keyturn/core/provider";
import { finapiCode } from "./failure.ts";
import { baseUrlOf, type FinapiHost, hostChecks } from "./host.ts";

/** A session of `finapiClient()` or `finapiUser()`; each function says of which. */
export interface FinapiSession {
  readonly fetch: Fetch;
}

/** Where a call goes, and how. */
export type FinapiCallOptions = FinapiHost & {
  readonly signal?: AbortSignal | undefined;
  /** Sent as X-Request-Id, up to 255 characters: what finAPI's support finds a call by. It makes one up where there is none. */
  readonly requestId?: string | undefined;
  /** What finAPI's texts are in. Default German. */
  readonly language?: "de" | "en" | "cs" | "sk" | undefined;
};

/** finAPI answered a call with an error. The message holds nothing that it was sent. */
export class FinapiError extends Error {
  override readonly name = "FinapiError";
  readonly status: number;
  /** finAPI's own code, e.g. "ENTITY_EXISTS" for an id that is taken, "LOCKED" for a user who needs a new password. */
  readonly code: string | undefined;
  /** What finAPI's support finds the call by. */
  readonly requestId: string | undefined;

  constructor(operation: string, { status, headers }: Response, code: string | undefined) {
    super(`finapi: ${operation} failed with status ${status}${code ? ` (${code})` : ""}`);
    this.status = status;
    this.code = code;
    this.requestId = headers.get("x-request-id") ?? undefined;
  }
}

interface Call {
  readonly operation: string;
  readonly method: string;
  /** Below /api/v2/users. */
  readonly path?: string;
  readonly body?: object;
}

const requestId: Check = (value) => (text(value) || String(value).length > 255 ? "a text of up to 255 characters" : undefined);
const checks = { ...hostChecks, requestId: optional(requestId), language: optional(oneOf("de", "en", "cs", "sk")) };

interface Place {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | null;
}

/** The URL and headers for options; a TypeError names one that is wrong. */
export function placeOf(operation: string, options: FinapiCallOptions): Place {
  const { signal = null, ...rest } = options;
  checkOptions(`${operation}()`, rest, checks);
  const { requestId, language, ...host } = rest;
  const headers = {
    accept: "application/json",
    ...(requestId && { "x-request-id": requestId }),
    ...(language && { "accept-language": language }),
  };
  return { baseUrl: baseUrlOf(`${operation}()`, host as FinapiHost), headers, signal }; // what is left of the options
}

/** The members of the answer, these texts among them; rejects with a FinapiError, or with what `auth.fetch` rejects with. */
export async function callUsers<Text extends string = never>(
  auth: FinapiSession,
  call: Call,
  options: FinapiCallOptions,
  ...texts: readonly Text[]
): Promise<Readonly<Record<string, unknown>> & { readonly [T in Text]: string }> {
  const { operation, method, path = "", body } = call;
  const { baseUrl, headers, signal } = placeOf(operation, options);
  const response = await auth.fetch(below(baseUrl, `api/v2/users${path}`), {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
    signal,
  });
  const answer = await readObject(response);
  const isWhole = texts.every((name) => typeof answer[name] === "string");
  if (!response.ok || !isWhole) throw new FinapiError(operation, response, finapiCode(answer));
  return answer as typeof answer & { readonly [T in Text]: string }; // two lines above has looked
}
