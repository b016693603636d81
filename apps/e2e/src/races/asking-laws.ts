import type { StoredSession } from "@keyturn/core";
import type { Ledger, Sender } from "./ledger.ts";

/** One person is asked once, whoever needs the answer. */
export interface AskingLaws {
  /** A renewal asks a person by itself. The function returned says what they did. */
  asks(sender: Sender): (declines: boolean) => void;
  /** A lease is saved over another one. */
  leased(sender: Sender, next: StoredSession, before: StoredSession | undefined): void;
}

export function askingLaws({ scene, breaks, of, spending }: Ledger): AskingLaws {
  /** Who asks, since when, and in which epoch. */
  const asking = new Map<Sender, { readonly since: number; readonly epoch: object }>();
  const owners = new Map<string, Sender>();

  /** It goes on asking for all others, and nothing befell it that would keep it from saying so. */
  function isAsking(sender: Sender): boolean {
    const own = asking.get(sender);
    const { epoch, closed } = of(sender);
    return own !== undefined && own.epoch === epoch && !closed && !sender.process.dead && !spending.isDisturbed(sender, own.since);
  }

  return {
    asks(sender) {
      const known = of(sender);
      const { name } = sender.process;
      const { failure, identity } = scene.record() ?? {};
      const told = failure?.code === "login-required" && failure.retryAt === undefined && identity?.endsWith(known.username ?? identity);
      if (known.declined === known.epoch || (told && !spending.isDisturbed(sender))) breaks(`${name} asks a person who has declined`);
      const own = { since: scene.time.elapsed, epoch: known.epoch };
      asking.set(sender, own);
      return (declines) => {
        if (asking.get(sender) === own) asking.delete(sender);
        if (declines && known.epoch === own.epoch) known.declined = known.epoch;
      };
    },

    leased(sender, { lease }, before) {
      if (!lease) return;
      const owner = before?.lease && owners.get(before.lease.owner);
      if (owner && owner !== sender && isAsking(owner))
        breaks(`${sender.process.name} takes the lease of ${owner.process.name}, which asks a person`);
      owners.set(lease.owner, sender);
    },
  };
}
