import type { Engine } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import type { Runtime } from "./runtime.ts";
import type { Addresses } from "./suite/api.ts";

function page({ name, installed, launch }: Engine): Runtime {
  return {
    ...{ name: name.toLowerCase(), available: installed },
    async run(addresses) {
      const browser = await launch();
      try {
        const tab = await browser.open(addresses.api);
        const outcomes = await tab.evaluate(async (given: Addresses) => {
          const main = "/main.js"; // in the page's server
          return (await import(main)).run(given);
        }, addresses);
        return { version: browser.version, outcomes };
      } finally {
        await browser.close();
      }
    },
  };
}

/** The suite in a page of each engine. */
export const pages: readonly Runtime[] = engines.map(page);
