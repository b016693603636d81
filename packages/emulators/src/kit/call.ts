import type { LoggedCall } from "./call-log.ts";

/** A request in the hands of the operation that answers it. */
export interface Call {
  /** Method, URL and headers; the body has been read. */
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly bytes: ArrayBuffer;
  text(): string;
  /** The body as JSON; undefined if it is none. */
  json(): unknown;
  form(): URLSearchParams;
  /** The token behind `Bearer` in the Authorization header. */
  bearer(): string | undefined;
  /** What the call log should say about this call. */
  note(facts: Pick<LoggedCall<string>, "identity" | "tokenUsed">): void;
}

/** Reads a request whole. */
export async function readCall(request: Request, params: Readonly<Record<string, string>>): Promise<Omit<Call, "note">> {
  const bytes = await request.arrayBuffer();
  const text = () => new TextDecoder().decode(bytes);
  return {
    request,
    url: new URL(request.url),
    params,
    bytes,
    text,
    json: () => {
      try {
        const value: unknown = JSON.parse(text());
        return value;
      } catch {
        return undefined;
      }
    },
    form: () => new URLSearchParams(text()),
    bearer: () => /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1],
  };
}
