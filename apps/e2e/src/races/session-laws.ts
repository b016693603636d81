import type { AuthEvent } from "@keyturn/core";
import type { Floor, Ledger, Sender } from "./ledger.ts";

/** What is known of a session by what its application does with it, and must hold of what it tells. */
export interface SessionLaws {
  event(sender: Sender, event: AuthEvent): void;
  /** The application's own functions were called. */
  applicationCode(sender: Sender): void;
  loginBegins(sender: Sender, login: object, username: string): void;
  loginEnds(sender: Sender, login: object, done: boolean): void;
  /** The function returned says that it has ended well. */
  logout(sender: Sender): () => void;
  closes(sender: Sender): void;
  /** A request ended, and what it began with it. */
  requestEnds(sender: Sender): void;
}

/** `floors`: by user, what must not be stored again. */
export function sessionLaws(ledger: Ledger, floors: Map<string, Floor>): SessionLaws {
  const { scene, breaks, of } = ledger;

  return {
    event(sender, event) {
      const known = of(sender);
      if (scene.isLocked(sender)) breaks(`[63] a listener of ${sender.process.name} runs under the lock`);
      if (event.type === "grant-started") {
        known.open++;
        if (event.reason !== "login") known.reason = event.reason;
      }
      const ends =
        event.type === "token-issued" || event.type === "grant-failed" || (event.type === "token-shared" && event.reason !== undefined);
      if (ends) known.open--;
      if (known.open === 0) known.broughtDown = false;
      if (known.open < 0) breaks(`[76] a renewal of ${sender.process.name} is told to have ended twice`);
      if (event.type === "token-issued" || event.type === "token-shared")
        Object.assign(known, { refused: false, loggedOut: false, declined: undefined });
      if (event.type === "session-ended") known.newest = undefined;
      if (event.type === "session-ended") {
        known.epoch = {};
        if (event.reason === "superseded") known.username = undefined; // the same user may come back, or the owner of the credentials
      }
    },

    applicationCode(sender) {
      if (scene.isUnderLock()) breaks(`[63] the credentials function of ${sender.process.name} runs under the lock`);
    },

    loginBegins(sender, login, username) {
      const known = of(sender);
      known.declined = undefined;
      known.logins.set(login, username);
    },

    loginEnds(sender, login, done) {
      const known = of(sender);
      const username = known.logins.get(login);
      known.logins.delete(login);
      if (done) Object.assign(known, { epoch: {}, username, loggedOut: false, refused: false });
    },

    logout(sender) {
      const known = of(sender);
      const spared = ledger.loginsUnderWay();
      for (const login of known.logins.keys()) spared.delete(login);
      const stored = scene.record()?.identity.split(" ").at(-1);
      const untold = known.username !== undefined && stored !== undefined && stored !== known.username;
      const floor = { ...ledger.floorNow(sender, spared), untold };
      Object.assign(known, { epoch: {}, loggedOut: true, floor, newest: undefined });
      return () => {
        const last = known.floor === floor && known.logins.size === 0; // else what comes later sees to the store
        if (last && known.username !== undefined) floors.set(known.username, floor);
      };
    },

    requestEnds(sender) {
      const known = of(sender);
      known.broughtDown ||= known.open > 0;
    },

    closes(sender) {
      of(sender).closed = true;
    },
  };
}
