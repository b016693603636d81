import type { Fetch } from "../provider/provider.ts";

/** The member of a JSON text that tells a lifetime, up to its value, and the value. */
const lifetime = /("\w*(?:expires?_?in|ttl|lifetime)\w*"\s*:\s*)"?[\d.]+"?/gi;

/** The same server, which tells lifetimes in words: whoever reads the first digits takes an hour for a second. */
export function inWords(fetch: Fetch): Fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const body = (await answer.text()).replace(lifetime, '$1"1h"');
    return new Response(body === "" ? null : body, { status: answer.status, headers: answer.headers });
  };
}
