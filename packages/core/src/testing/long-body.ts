const piece = new TextEncoder().encode(" ".repeat(65_536));
const pieces = 128;

/** An answer of 8 MiB, which nobody has a reason to read whole, and how many bytes of it have been taken. */
export function longAnswer(status: number): { readonly response: Response; readonly taken: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += 1;
        if (sent > pieces) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { status, headers: { "content-type": "application/json" } });
  return { response, taken: () => sent * piece.byteLength };
}
