import { createClient } from "@supabase/supabase-js";
import type { Client } from "./client.ts";

const key = "public-anon-key";

async function orThrow<Result extends { readonly error: unknown }>(work: PromiseLike<Result>): Promise<Result> {
  const result = await work;
  if (result.error) throw result.error;
  return result;
}

/** It always sends an Authorization of its own. Its `accessToken` callback instead would know no signal, so that no abort ends a wait for a token. */
export const supabase: Client = {
  ...{ name: "@supabase/supabase-js", installedAs: "@supabase/supabase-js", authorizationHeader: "replace", payload: [] },
  connect({ fetch }, url) {
    const api = createClient(url, key, { global: { fetch } });
    const select = () => api.from("things").select();
    return {
      call: (signal) => orThrow(signal ? select().abortSignal(signal) : select()),
      bodies: { insert: () => orThrow(api.from("things").insert({ name: "Zoë" })) },
      timeout: (ms) => orThrow(select().abortSignal(AbortSignal.timeout(ms))),
      retry: () => orThrow(select()), // what it does unasked
    };
  },
};
