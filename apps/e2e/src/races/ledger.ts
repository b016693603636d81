import type { GrantReason, StoredSession } from "@keyturn/core";
import type { Issued, User } from "./issuer.ts";
import type { Process, Request } from "./process.ts";
import type { WorldPlan } from "./schedule.ts";
import { createSpending, requestLimit, type Spending } from "./spending.ts";
import type { Time } from "./time.ts";

/** An instance, as server, store and laws know it. */
export interface Sender {
  readonly process: Process;
  /** The call of `login()` that these credentials were given to; absent: they are the session's own. */
  loginWith(credentials: User): object | undefined;
}

/** What the laws look at. */
export interface Scene {
  readonly time: Time;
  /** How many token sets were issued so far. */
  serial(): number;
  issued(accessToken: string): Issued | undefined;
  accepts(refreshToken: string): boolean;
  record(): StoredSession | undefined;
  readonly special: WorldPlan["special"];
  /** Events come at once, as no lock keeps them back. */
  readonly promptEvents: boolean;
  /** Whether a lock that keeps its word is this sender's now. */
  isLocked(sender: Sender): boolean;
  /** Whether whoever asks runs under it. */
  isUnderLock(): boolean;
}

/** Tokens issued so far, but for those of logins that were under way elsewhere. */
export interface Floor {
  /** Absent: of anybody. */
  readonly username?: string | undefined;
  readonly sender: Sender;
  readonly at: number;
  readonly serial: number;
  readonly spared: ReadonlySet<object>;
  /** The store held somebody else's session: no logout could be left in it, and others go on with logins of their own. */
  readonly untold?: boolean;
}

/** What is known of an instance. */
export interface Facts {
  /** Another one after each login, logout, or end of the session: renewals from before are void. */
  epoch: object;
  /** Renewals under way, each with the epoch in which it began. */
  readonly renewals: { readonly epoch: object; readonly request: Request | undefined }[];
  /** It has credentials to log in with. */
  readonly canLogin: boolean;
  /** The newest token set it was given since it logged in, or its session ended. */
  newest: Issued | undefined;
  /** A request ended in which a renewal ran: that is replaced, and told to have failed, when the next call needs a token. */
  broughtDown: boolean;
  /** In which epoch the person declined. */
  declined: object | undefined;
  /** Whose session it is, once that is certain. */
  username: string | undefined;
  readonly logins: Map<object, string>;
  floor: Floor | undefined;
  /** From when its store told it last of a logout, or of another user. */
  told: Floor | undefined;
  loggedOut: boolean;
  /** Its own password was refused. */
  refused: boolean;
  closed: boolean;
  /** Of the last renewal. */
  reason: GrantReason | undefined;
  /** Whether the last grant was sent under a lock that keeps its word. */
  sentLocked: boolean;
  /** Renewals and logins told of as begun and not yet as ended. */
  open: number;
}

/** What all laws stand on: who is there, what is known of them, and what was broken so far. */
export interface Ledger {
  readonly scene: Scene;
  readonly spending: Spending;
  readonly broken: string[];
  breaks(law: string): void;
  of(sender: Sender): Facts;
  all(): Iterable<readonly [Sender, Facts]>;
  enter(sender: Sender, username: string | undefined, canLogin: boolean): void;
  loginsUnderWay(): Set<object>;
  /** `serial`: of the last token set below it; default: of the last one issued. */
  floorNow(sender: Sender, spared: ReadonlySet<object>, serial?: number): Floor;
  /** Issued before a logout that reached the store; what the store was told of too late, no logout can reach. */
  isBelow(issued: Issued, floor: Floor | undefined): boolean;
}

export function createLedger(scene: Scene): Ledger {
  const { time } = scene;
  const broken: string[] = [];
  const facts = new Map<Sender, Facts>();
  const breaks = (law: string) => void broken.push(`${law} (after ${time.elapsed} ms)`);
  const spending = createSpending(time, breaks);

  return {
    ...{ scene, spending, broken, breaks },
    of(sender) {
      const found = facts.get(sender);
      if (!found) throw new Error("this instance has not entered");
      return found;
    },
    all: () => facts,
    enter(sender, username, canLogin) {
      facts.set(sender, {
        ...{ epoch: {}, renewals: [], username, canLogin, logins: new Map(), open: 0 },
        ...{ floor: undefined, told: undefined, reason: undefined, newest: undefined, declined: undefined },
        ...{ loggedOut: false, refused: false, closed: false, sentLocked: false, broughtDown: false },
      });
    },
    loginsUnderWay: () => new Set([...facts.values()].flatMap(({ logins }) => [...logins.keys()])),
    floorNow: (sender, spared, serial = scene.serial()) => ({ sender, at: time.elapsed, serial, spared }),
    isBelow({ serial, family, sender, at }, floor) {
      if (!floor || serial > floor.serial || (floor.username ?? family.username) !== family.username) return false;
      if (family.login && floor.spared.has(family.login)) return false;
      if (floor.untold && sender !== floor.sender) return false;
      // Whether to renew without a store that fails is decided before the first send.
      return !spending.isDisturbed(sender, at - requestLimit) && !spending.isDisturbed(floor.sender, floor.at);
    },
  };
}
