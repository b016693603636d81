import type { Fetch } from "../provider/provider.ts";

/** A fetch, and what was sent with it. */
export interface RecordedFetch {
  readonly fetch: Fetch;
  /** Each request as it left, its body still to be read. */
  readonly sent: readonly Request[];
}

/** Has `answer` answer every request, and keeps a copy of each. */
export function recordedFetch(answer: (request: Request) => Promise<Response>): RecordedFetch {
  const sent: Request[] = [];
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push(request.clone());
      return answer(request);
    },
  };
}
