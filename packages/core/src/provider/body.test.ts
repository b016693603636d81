import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { grantContext } from "../testing/grant-context.ts";
import { readObject, readText, tokenRequest } from "./index.ts";

interface Source {
  readonly response: Response;
  readonly bytesRead: () => number;
  readonly isCancelled: () => boolean;
}

/** A body of these pieces, which then ends, or waits for good. */
function body(pieces: Iterable<Uint8Array>, end: "ends" | "waits" = "ends", status = 200): Source {
  let [bytesRead, isCancelled] = [0, false];
  const left = pieces[Symbol.iterator]();
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = left.next();
        if (!done) {
          bytesRead += value.byteLength;
          controller.enqueue(value);
        } else if (end === "ends") controller.close();
        else return new Promise<void>(() => {});
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(stream, { status }), bytesRead: () => bytesRead, isCancelled: () => isCancelled };
}

function* endless(size = 65_536): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(size).fill(32);
}

describe("a body", () => {
  it("[160] that is no longer than the limit is the text that Response.text() gives, however it is cut into pieces", async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(400), async (parts, bytes) => {
        const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
        const text = await readText(body(parts).response, { bytes });
        expect(text).toBe(size > bytes ? undefined : await body(parts).response.text());
      }),
    );
  });

  it("[160] without an end is read to the limit and one piece beyond it, then cancelled", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), fc.integer({ min: 1, max: 70_000 }), async (bytes, size) => {
        const { response, bytesRead, isCancelled } = body(endless(size));
        expect(await readText(response, { bytes })).toBeUndefined();
        expect(bytesRead()).toBeLessThanOrEqual(bytes + size);
        expect(isCancelled()).toBe(true);
      }),
    );
  });

  it("[160] of which a clone is read up to the limit still comes whole to whoever has the other half", async () => {
    const { response } = body([new Uint8Array(10).fill(97), new Uint8Array(10).fill(98)]);
    expect(await readText(response.clone(), { bytes: 12 })).toBeUndefined();
    expect(await response.text()).toBe("aaaaaaaaaabbbbbbbbbb");
  });

  it("fails with what it breaks off with", async () => {
    const reason = new TypeError("terminated");
    const response = new Response(new ReadableStream({ pull: (controller) => controller.error(reason) }));
    await expect(readText(response)).rejects.toBe(reason);
  });

  it("is empty where there is none, and whole where the platform has no stream for it", async () => {
    expect(await readText(new Response(null))).toBe("");
    const plain = (text: string) => ({ body: undefined, text: async () => text }) as unknown as Response; // as React Native has it
    expect(await readText(plain("text"))).toBe("text");
    expect(await readText(plain("text"), { bytes: 3 })).toBeUndefined();
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    ["<p>", {}],
    ["null", {}],
    ["", {}],
  ])("%j has the members %j", async (source, members) => {
    expect(await readObject(new Response(source))).toEqual(members);
  });

  it("[160] of more than 1 MiB has no members", async () => {
    expect(await readObject(new Response(`{"a":"${"x".repeat(1_048_576)}"}`))).toEqual({});
  });
});

describe("a body with a time limit", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("[160] is given up when the time is over, and cancelled", async () => {
    const { response, isCancelled } = body([new Uint8Array(3)], "waits");
    const text = readText(response, { ms: 2_000 });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isCancelled()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await text).toBeUndefined();
    expect(isCancelled()).toBe(true);
  });

  it("leaves no timer when it is in", async () => {
    expect(await readText(new Response("text"), { ms: 2_000 })).toBe("text");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a token answer", () => {
  const ask = (response: Response) =>
    tokenRequest(
      { provider: "vendor", operation: "login", url: "https://login.example.com/" },
      grantContext({ fetch: async () => response, now: () => 0 }),
    );

  it("[161] of more than 1 MiB is malformed, and not read on", async () => {
    const { response, bytesRead, isCancelled } = body(endless());
    await expect(ask(response)).rejects.toMatchObject({
      code: "token-response-malformed",
      message: "vendor: login failed with status 200: the answer is larger than 1 MiB",
    });
    expect(bytesRead()).toBeLessThanOrEqual(1_048_576 + 65_536);
    expect(isCancelled()).toBe(true);
  });

  it("[161] of exactly 1 MiB is read", async () => {
    const start = '{"access_token":"at-1"}';
    expect((await ask(new Response(start.padEnd(1_048_576)))).body).toEqual({ access_token: "at-1" });
  });

  it("[161] that is an error page of more than 1 MiB is judged by its status", async () => {
    expect(await ask(body(endless(), "ends", 503).response)).toMatchObject({ status: 503, body: {} });
  });
});
