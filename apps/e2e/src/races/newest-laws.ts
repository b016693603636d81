import type { TokenSet } from "@keyturn/core";
import type { Issued } from "./issuer.ts";
import type { Ledger, Sender } from "./ledger.ts";

/** Nothing newer in hand is given up for something older, whatever the store does meanwhile. */
export interface NewestLaws {
  /** A grant was answered. `login`: the call of `login()` it was sent for. */
  got(sender: Sender, tokens: TokenSet, login?: object): void;
  /** That call has ended well. */
  gotBy(sender: Sender, login: object): void;
  /** A refresh token leaves. */
  spends(sender: Sender, tokens: TokenSet): void;
  /** Its tokens are the newest of their user's, and the server takes them: there is no reason not to go on. */
  mustGoOn(sender: Sender): boolean;
}

/** Logins nearer than that to each other, in ms, are in no order. */
const tolerance = 5_000;

export function newestLaws({ scene, breaks, of }: Ledger): NewestLaws {
  const byLogin = new Map<object, Issued>();
  const begun = new Map<object, Issued>(); // the first token set of each family
  const isOn = scene.special === "outages";

  /** By the login that they descend from, then by their order. */
  function isOlder(one: Issued, other: Issued): boolean {
    if (one.family === other.family) return one.serial < other.serial;
    const [first, second] = [begun.get(one.family), begun.get(other.family)];
    return first !== undefined && second !== undefined && one.family.username === other.family.username && second.at - first.at > tolerance;
  }

  return {
    got(sender, { accessToken }, login) {
      const issued = scene.issued(accessToken);
      if (!issued) return;
      if (!begun.has(issued.family)) begun.set(issued.family, issued);
      const known = of(sender);
      if (login) byLogin.set(login, issued);
      else if (!known.newest || isOlder(known.newest, issued)) known.newest = issued;
    },

    gotBy(sender, login) {
      of(sender).newest = byLogin.get(login) ?? of(sender).newest;
    },

    spends(sender, { accessToken }) {
      const issued = scene.issued(accessToken);
      const { newest } = of(sender);
      if (isOn && issued && newest && isOlder(issued, newest))
        breaks(`[59] ${sender.process.name} goes back to ${accessToken} from number ${newest.serial}`);
    },

    mustGoOn(sender) {
      const { newest, closed } = of(sender);
      return isOn && newest !== undefined && !closed && isTaken(newest);
    },
  };

  function isTaken(newest: Issued): boolean {
    const { username } = newest.family;
    const isLast = [...begun.values()].every(
      ({ family, at }) => family === newest.family || family.username !== username || at < newest.at,
    );
    return isLast && scene.accepts(`refresh-${username}-${newest.serial}`);
  }
}
