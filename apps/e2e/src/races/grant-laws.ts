import type { TokenSet } from "@keyturn/core";
import type { User } from "./issuer.ts";
import type { Ledger, Sender } from "./ledger.ts";
import { currentRequest } from "./process.ts";

/** Answers of a grant pass through it. */
export type Answered = <Value>(answer: Promise<Value>) => Promise<Value>;

/** What must hold when a grant is sent. The function returned takes the answer. */
export interface GrantLaws {
  login(sender: Sender, credentials: User): Answered;
  refresh(sender: Sender, tokens: TokenSet): Answered;
  /** An API, or the application, says that a token is no good. */
  refused(accessToken: string): void;
}

/** The longest margin before its expiry in which calls wait for the next token, in ms. */
const marginAtMost = 5_000;

export function grantLaws(ledger: Ledger): GrantLaws {
  const { scene, breaks, of } = ledger;
  const refusals = new Set<string>();

  /** A renewal sends a grant by itself. */
  function renewing(sender: Sender): Answered {
    const known = of(sender);
    const { epoch } = known;
    if (known.closed) breaks(`[45] ${sender.process.name} sends a grant after close()`);
    if (known.loggedOut) breaks(`[46] ${sender.process.name} sends a grant after logout()`);
    // Whoever has the lock holds events back, that its session has ended among them.
    const untold = scene.isLocked(sender) && !scene.isUnderLock();
    if (known.renewals.some((other) => other.epoch === epoch && !other.request?.ended) && !untold)
      breaks(`[1, 2] ${sender.process.name} has two renewals in flight`);
    const own = { epoch, request: currentRequest() };
    known.renewals.push(own);
    known.sentLocked = scene.isUnderLock();
    return (answer) => answer.finally(() => known.renewals.splice(known.renewals.indexOf(own), 1));
  }

  return {
    login(sender, credentials) {
      if (sender.loginWith(credentials)) return (answer) => answer;
      const known = of(sender);
      const ended = renewing(sender);
      const { epoch } = known;
      const { name } = sender.process;
      if (known.refused) breaks(`[52] ${name} sends a refused password again`);
      const { failure, identity } = scene.record() ?? {};
      const told = failure?.code === "credentials-rejected" && (failure.identity ?? identity)?.endsWith(credentials.username);
      if (told && credentials.password === "wrong" && !ledger.spending.isDisturbed(sender))
        breaks(`[83] ${name} sends a password the record calls refused`);
      return (answer) =>
        ended(answer).catch((error) => {
          if (error.code === "credentials-rejected" && known.epoch === epoch) known.refused = true;
          throw error;
        });
    },

    refresh(sender, { accessToken, refreshToken = "" }) {
      const expiresAt = scene.issued(accessToken)?.expiresAt ?? Infinity;
      const good = !refusals.has(accessToken) && expiresAt - sender.process.clock.now() > marginAtMost;
      if (good && scene.promptEvents && of(sender).reason === "refused")
        breaks(`[3] ${sender.process.name} renews ${accessToken}, which nobody refused`);
      const mayBeSpent = scene.special === "a person" && of(sender).canLogin && ledger.spending.isLeftBehind(refreshToken);
      if (mayBeSpent) breaks(`[103] ${sender.process.name} sends ${refreshToken}, which one that died may have spent`);
      const [ended, spent] = [renewing(sender), ledger.spending.send(sender, refreshToken)];
      return (answer) => ended(spent(answer));
    },

    refused: (accessToken) => void refusals.add(accessToken),
  };
}
