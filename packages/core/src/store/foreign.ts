import type { Events } from "../events.ts";
import type { AuthProvider } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { TokenStore } from "./store.ts";

/** Stored tokens that are bound to a key of others: of no use to this session. */
export interface Foreign extends Pick<TokenStore, "load"> {
  isForeign(tokens: TokenSet | undefined): boolean;
}

/** Whose tokens they may be. */
export type KeyOwner = Pick<AuthProvider, "name" | "isForeign">;

/** `load` is the store's own, with a look at the tokens it brings. */
export function createForeign(store: TokenStore, provider: KeyOwner, emit: Events["emit"]): Foreign {
  const found = new WeakSet<TokenSet>();
  let told = false;

  async function load() {
    const record = await store.load();
    const { tokens } = record ?? {};
    if (!tokens || !(await provider.isForeign?.(tokens, store))) return record;
    found.add(tokens);
    if (!told) emit({ type: "key-missing" });
    told = true;
    return record;
  }

  return { load: provider.isForeign ? load : () => store.load(), isForeign: (tokens) => tokens !== undefined && found.has(tokens) };
}
