import type { Fetch } from "../provider/provider.ts";

/** How a provider sent one request. */
export interface Sent {
  readonly url: string;
  readonly redirect: RequestRedirect | undefined;
  readonly cache: RequestCache | undefined;
  readonly credentials: RequestCredentials | undefined;
  readonly signal: AbortSignal | null | undefined;
}

/** A fetch that notes what passes through it. */
export interface Wire {
  readonly fetch: Fetch;
  readonly sent: readonly Sent[];
}

/** Notes every request, and has `answer` answer it. */
export function wire(answer: (sent: Sent, input: Parameters<Fetch>[0], init?: RequestInit) => Promise<Response>): Wire {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(input, init) {
      const given = input instanceof Request ? input : undefined;
      const request: Sent = {
        url: urlOf(input),
        redirect: init?.redirect ?? given?.redirect,
        cache: init?.cache ?? given?.cache,
        credentials: init?.credentials ?? given?.credentials,
        signal: init?.signal ?? given?.signal,
      };
      sent.push(request);
      return answer(request, input, init);
    },
  };
}

function urlOf(input: Parameters<Fetch>[0]): string {
  if (typeof input === "string") return input;
  return input instanceof URL ? input.href : input.url;
}

/** A server that redirects, seen through a fetch that does as the request says. */
export async function redirecting({ redirect }: Sent): Promise<Response> {
  if (redirect === "error") throw new TypeError("fetch failed");
  if (redirect === "manual") return new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } });
  return new Response("<title>Moved</title>", { status: 200, headers: { "content-type": "text/html" } });
}

/** A server that never answers: `arrived` resolves when it was asked, and the abort of the request's signal ends the waiting. */
export function hanging(part: "answer" | "body"): { readonly answer: (sent: Sent) => Promise<Response>; readonly arrived: Promise<Sent> } {
  const { promise: arrived, resolve: arrive } = withResolvers<Sent>();
  return {
    arrived,
    answer(sent) {
      const aborted = new Promise<never>((_, reject) => sent.signal?.addEventListener("abort", () => reject(sent.signal?.reason)));
      aborted.catch(() => {}); // where nobody waits for it
      arrive(sent);
      if (part === "answer") return aborted;
      return Promise.resolve(new Response(new ReadableStream({ pull: () => aborted })));
    },
  };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export function originsOf({ sent }: Pick<Wire, "sent">): string[] {
  return sent.map(({ url }) => new URL(url).origin);
}
