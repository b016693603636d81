import type { StoredSession } from "@keyturn/core";
import type { Floor, Ledger, Sender } from "./ledger.ts";

/** What must hold of the record. */
export interface StoreLaws {
  saved(sender: Sender, next: StoredSession, before: StoredSession | undefined): void;
  /** Looked at after every step. */
  step(): void;
  /** Looked at when nothing is under way. */
  rest(): void;
}

/** `floors`: by user, what must not be stored again. */
export function storeLaws(ledger: Ledger, floors: ReadonlyMap<string, Floor>): StoreLaws {
  const { scene, breaks, of } = ledger;

  return {
    saved(sender, next, before) {
      const issued = next.tokens && scene.issued(next.tokens.accessToken);
      const early = before?.lease && !next.lease && of(sender).sentLocked && !scene.isLocked(sender);
      if (early && issued?.sender === sender && !issued.family.login && !ledger.spending.isDisturbed(sender)) {
        breaks(`[60] ${sender.process.name} gave the lock back before it saved`);
      }
      if (next.revision <= (before?.revision ?? 0)) breaks(`[104] ${sender.process.name} saves an older revision`);
    },

    step() {
      const { tokens, lease, failure } = scene.record() ?? {};
      const issued = tokens && scene.issued(tokens.accessToken);
      if (!issued) return;
      const certain = !lease && !failure && !issued.family.lost && !issued.family.revoked && !ledger.spending.wasDisturbed();
      if (certain && !scene.accepts(tokens.refreshToken ?? ""))
        breaks(`[103] the store holds ${tokens.refreshToken}, which the server would refuse`);
    },

    rest() {
      for (const [{ process }, { renewals, open, closed, broughtDown }] of ledger.all()) {
        if (process.dead) continue;
        if (renewals.length > 0 && !broughtDown) breaks(`${process.name} still renews`);
        if (open !== 0 && !broughtDown && !(closed && scene.special === "a person"))
          breaks(`[76] ${process.name} did not tell how a renewal ended`);
      }
      const { tokens, lease } = scene.record() ?? {};
      const issued = tokens && scene.issued(tokens.accessToken);
      if (issued && ledger.isBelow(issued, floors.get(issued.family.username)))
        breaks(`[46, 47, 48] ${tokens.accessToken} is stored again after a logout`);
      const inDoubt = [...ledger.all()].some(([, { closed }]) => closed); // after a lost answer it lapses by itself
      if (lease && !inDoubt && !ledger.spending.wasDisturbed()) breaks("a lease was left in the record");
    },
  };
}
