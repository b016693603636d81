/** What every issued token has. `expiresAt` is in ms and can be moved: that is how a token dies on the server only. */
export interface IssuedToken {
  readonly identity: string;
  expiresAt: number;
}

/** The tokens a server knows. */
export interface TokenTable<Entry extends IssuedToken> {
  add(token: string, entry: Entry): void;
  get(token: string): Entry | undefined;
  /** All tokens, or all of one identity. */
  of(identity?: string): Entry[];
  clear(): void;
}

/** A table that forgets its oldest tokens beyond `limit`, so that a server may run for days. */
export function createTokenTable<Entry extends IssuedToken>(limit = 10_000): TokenTable<Entry> {
  const entries = new Map<string, Entry>();

  return {
    add: (token, entry) => {
      entries.set(token, entry);
      const [oldest] = entries.keys();
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
    },
    get: (token) => entries.get(token),
    of: (identity) => [...entries.values()].filter((entry) => identity === undefined || entry.identity === identity),
    clear: () => entries.clear(),
  };
}

/** Makes tokens expire at once, on the server only. */
export function expireNow(entries: Iterable<IssuedToken>, now: number): void {
  for (const entry of entries) entry.expiresAt = Math.min(entry.expiresAt, now);
}
