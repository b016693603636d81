import { createTRPCClient, httpBatchLink, retryLink } from "@trpc/client";
import type { Client } from "./client.ts";

/** Of a router that the suite's API has not: its procedures are called by name. */
type Procedures = {
  readonly status: {
    readonly query: (input?: undefined, options?: { signal?: AbortSignal }) => Promise<unknown>;
    readonly mutate: (input: unknown) => Promise<unknown>;
  };
};

export const trpc: Client = {
  ...{ name: "@trpc/client", installedAs: "@trpc/client", payload: [{ result: { data: "ok" } }] },
  connect({ fetch }, url) {
    // The cast: its types allow members that are undefined, where this repository is strict.
    const link = httpBatchLink({ url, fetch: (input, init) => fetch(input, init as RequestInit), maxItems: 1 });
    const api = createTRPCClient({ links: [link] }) as unknown as Procedures; // no router's types are at hand
    const retrying = createTRPCClient({ links: [retryLink({ retry: ({ attempts }) => attempts < 2 }), link] }) as unknown as Procedures; // as above
    return {
      call: (signal) => api.status.query(undefined, { ...(signal && { signal }) }),
      bodies: { mutation: () => api.status.mutate({ name: "Zoë" }) },
      timeout: (ms) => api.status.query(undefined, { signal: AbortSignal.timeout(ms) }),
      retry: () => retrying.status.query(),
    };
  },
};
