import { parseObject } from "./encoding.ts";

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  /** Default 1 MiB, many times what any token answer takes. */
  readonly bytes?: number;
  /** In ms, from now on. Default: as long as the request's own signal allows. */
  readonly ms?: number;
}

const mebibyte = 1_048_576;

/**
 * The text of a body, or undefined if it is longer than the limits allow: the rest is then cancelled, so that neither memory nor
 * the caller depends on when a server ends. Rejects only with what the body itself fails with.
 */
export async function readText(response: Response, { bytes = mebibyte, ms }: BodyLimits = {}): Promise<string | undefined> {
  const reader = response.body?.getReader?.();
  if (!reader) return within(bytes, await response.text()); // React Native and node-fetch have no such stream
  let isOver = false;
  const stop = () => {
    isOver = true;
    reader.cancel().catch(() => {}); // ends a read that waits; of a clone it settles only when the other half has ended too
  };
  const timer = ms === undefined ? undefined : setTimeout(stop, ms);
  try {
    const decoder = new TextDecoder();
    let text = "";
    for (let left = bytes; ; ) {
      const { done, value } = await reader.read();
      if (isOver) return undefined;
      if (done) return text + decoder.decode();
      left -= value.byteLength;
      if (left < 0) stop();
      else text += decoder.decode(value, { stream: true });
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The members of the JSON object in a body; none for anything else, nor for a body longer than the limits. Errors of the platform would quote it. */
export async function readObject(response: Response, limits?: BodyLimits): Promise<Readonly<Record<string, unknown>>> {
  return parseObject((await readText(response, limits)) ?? "");
}

function within(bytes: number, text: string): string | undefined {
  return text.length <= bytes ? text : undefined;
}
