import type { Fetch } from "@keyturn/core";

/** Answers in the server's place. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** The way to a server, with everything that goes along it. */
export interface Network {
  readonly fetch: Fetch;
  /** Every request, as the network saw it. */
  readonly sent: readonly Request[];
  /** Every answer that did not come from the API. */
  readonly received: readonly Response[];
  /** Everything but the API is answered like this from now on; by the server again if nothing is given. */
  disturb(answer?: Answer): void;
}

/** A network on which redirects are followed as fetch follows them. What goes to a URL below `api` is never disturbed. */
export function createNetwork(api: string, server: Fetch): Network {
  const sent: Request[] = [];
  const received: Response[] = [];
  let answer: Answer | undefined;

  const reach = async (request: Request): Promise<Response> => {
    sent.push(request.clone());
    if (request.url === api) return server(request);
    const response = answer ? await answer(request) : await server(request);
    received.push(response.clone());
    return response;
  };

  return {
    sent,
    received,
    disturb: (next) => {
      answer = next;
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const response = await reach(request);
      const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : undefined;
      if (!location || request.redirect === "manual") return response;
      if (request.redirect === "error") throw new TypeError("fetch failed");
      const next = new Request(location, request);
      sent.push(next.clone());
      return server(next);
    },
  };
}
