import { EventSource } from "eventsource";
import type { Client } from "./client.ts";

async function* messages(source: EventSource): AsyncIterable<string> {
  for (;;) yield await new Promise<string>((resolve) => source.addEventListener("message", ({ data }) => resolve(data), { once: true }));
}

export const eventSource: Client = {
  ...{ name: "eventsource", installedAs: "eventsource", pieces: ["data: one\n\n", "data: two\n\n"] },
  connect({ fetch }, url) {
    const open = (): EventSource => new EventSource(url, { fetch: (input, init) => fetch(input, init as RequestInit) }); // its init is a part of fetch's
    return {
      call: () =>
        new Promise((resolve, reject) => {
          const source = open();
          const end = (settle: (value: unknown) => void) => (event: unknown) => {
            source.close();
            settle(event);
          };
          source.addEventListener("open", end(resolve));
          source.addEventListener("error", end(reject));
        }),
      stream: () => messages(open()),
    };
  },
};
