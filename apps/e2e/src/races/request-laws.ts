import type { Floor, Ledger, Sender } from "./ledger.ts";

/** What must hold when a request is sent with a token. */
export interface RequestLaws {
  /** The application calls `auth.fetch`, for a URL of its own. */
  call(sender: Sender, url: string): void;
  /** A request leaves with a token. */
  request(sender: Sender, url: string, token: string): void;
  /** A store's change notice reaches an instance. `lastStored`: how the last token set is numbered that the store has held. */
  notice(sender: Sender, lastStored: number): void;
}

interface Call {
  readonly sender: Sender;
  /** Whose tokens it may carry. Absent: whoever's comes first. */
  readonly usernames: ReadonlySet<string> | undefined;
  readonly told: Floor | undefined;
  sent: number;
}

export function requestLaws(ledger: Ledger): RequestLaws {
  const { scene, breaks, of } = ledger;
  const calls = new Map<string, Call>();

  return {
    call(sender, url) {
      const { username, logins, told } = of(sender);
      calls.set(url, { sender, usernames: username === undefined ? undefined : new Set([username, ...logins.values()]), told, sent: 0 });
    },

    request(sender, url, token) {
      const known = of(sender);
      const call = calls.get(url);
      const issued = scene.issued(token);
      const { name, clock } = sender.process;
      if (!call || !issued) return breaks(`${name} sends "${token}" to ${url}`);
      if (++call.sent > 2) breaks(`[23] ${name} sends a request three times`);
      if (known.closed) breaks(`[45] ${name} sends a request after close()`);
      const { username } = issued.family;
      if (call.usernames && !call.usernames.has(username))
        breaks(`[3, 48, 78] ${name} sends ${[...call.usernames]}'s request with ${token}`);
      if (ledger.isBelow(issued, known.floor)) breaks(`[46] ${name} sends ${token} after its logout`);
      if (ledger.isBelow(issued, call.told)) breaks(`[65] ${name} sends ${token} though its store told it of a logout`);
      if (issued.expiresAt !== undefined && issued.expiresAt <= clock.now()) breaks(`[13] ${name} sends ${token}, which has expired`);
      if (known.logins.size === 0) known.username ??= username;
    },

    notice(sender, lastStored) {
      const known = of(sender);
      if (known.open > 0) return; // what it is just getting may be newer
      const { identity, tokens, lease, failure } = scene.record() ?? {};
      const stored = identity?.split(" ").at(-1);
      const isLogout = !tokens && !lease && !failure;
      const username = isLogout ? stored : known.username;
      if (isLogout || (username !== undefined && username !== stored))
        known.told = { ...ledger.floorNow(sender, ledger.loginsUnderWay(), lastStored), username };
    },
  };
}
