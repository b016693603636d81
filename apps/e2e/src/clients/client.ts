import type { AuthOptions, Fetch } from "@keyturn/core";

/** What a client calls in the suite; a member that is absent is something its shape does not allow. */
export interface Calls {
  /** An ordinary call. */
  call(signal?: AbortSignal): Promise<unknown>;
  /** With each kind of body that the client takes and that can be sent again. */
  readonly bodies?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Of a stream. */
  readonly upload?: (body: ReadableStream) => Promise<unknown>;
  readonly timeout?: (ms: number) => Promise<unknown>;
  /** An answer as it comes, piece by piece. */
  readonly stream?: () => Promise<AsyncIterable<string>> | AsyncIterable<string>;
  /** With the client's own retry, once and without waiting. */
  readonly retry?: () => Promise<unknown>;
}

/** One HTTP client on `auth.fetch`. */
export interface Client {
  readonly name: string;
  /** The name it is installed under. */
  readonly installedAs: string;
  /** Whether a stream goes out again after a 401: in a Request it does, in an init it cannot. Default "again". */
  readonly uploads?: "again" | "once";
  /** "replace": the client always sets an Authorization of its own. */
  readonly authorizationHeader?: AuthOptions<void>["authorizationHeader"];
  /** What the API answers a call with, where the client reads more than any JSON. */
  readonly payload?: unknown;
  /** The same for `stream`: two pieces, the second of which comes later. */
  readonly pieces?: readonly [string, string];
  connect(auth: { readonly fetch: Fetch }, url: string): Calls;
}

/** The text of a streamed Response. */
export function textOf(response: Response): AsyncIterable<string> {
  if (!response.body) throw new Error("the answer has no body");
  return response.body.pipeThrough(new TextDecoderStream());
}
