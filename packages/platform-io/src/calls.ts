import { below, type Fetch, readObject } from "@keyturn/core/provider";
import { PlatformIoError } from "./errors.ts";
import { baseUrlOf, type PlatformIoOptions } from "./platform.ts";

/** A session of `platformIo()`. */
export interface PlatformIoSession {
  readonly fetch: Fetch;
}

/** One call about a client account. */
export interface Call {
  readonly operation: string;
  readonly method: string;
  /** Below /v1/client. */
  readonly path: string;
  readonly body: object;
  readonly clientToken?: string;
}

/** The members of the answer, these texts among them. Rejects with a PlatformIoError, or with what `auth.fetch` rejects with. */
export async function callClients<Text extends string = never>(
  auth: PlatformIoSession,
  { operation, method, path, body, clientToken }: Call,
  platform: PlatformIoOptions,
  ...texts: readonly Text[]
): Promise<Readonly<Record<string, unknown>> & { readonly [T in Text]: string }> {
  const response = await auth.fetch(below(baseUrlOf(`${operation}()`, platform), `v1/client/${path}`), {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...(clientToken && { "client-token": clientToken }) },
    body: JSON.stringify(body),
    redirect: "manual", // fetch would take any header but Authorization along to another origin
  });
  const answer = await readObject(response);
  const isWhole = texts.every((name) => typeof answer[name] === "string");
  if (!response.ok || !isWhole) throw new PlatformIoError(operation, response.status, answer);
  return answer as typeof answer & { readonly [T in Text]: string }; // two lines above has looked
}
