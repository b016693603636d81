import type { Events } from "../events.ts";
import type { AuthProvider } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { TokenStore } from "./store.ts";

/** Stored tokens that are bound to a key of others: of no use to this session. */
export interface Foreign extends Pick<TokenStore, "load"> {
  isBoundToAnotherKey(tokens: TokenSet | undefined): boolean;
}

/** Whose tokens they may be. */
export type KeyOwner = Pick<AuthProvider, "name" | "isBoundToAnotherKey">;

/** `load` is the store's own, with a look at the tokens it brings. */
export function createForeign(store: TokenStore, provider: KeyOwner, emit: Events["emit"]): Foreign {
  const found = new WeakSet<TokenSet>();
  let told = false;

  async function load() {
    const record = await store.load();
    const { tokens } = record ?? {};
    if (!tokens || !(await provider.isBoundToAnotherKey?.(tokens, store))) return record;
    found.add(tokens);
    if (!told) emit({ type: "key-missing" });
    told = true;
    return record;
  }

  return {
    load: provider.isBoundToAnotherKey ? load : () => store.load(),
    isBoundToAnotherKey: (tokens) => tokens !== undefined && found.has(tokens),
  };
}
