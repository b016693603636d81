/** A core with one thing wrong: `find` stands in that file once, and `put` in its place. */
export interface BrokenCore {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** Where few schedules come to what is wrong: one with which an early one does. */
  readonly seed?: number;
}

/** Each of them is to be caught by the very schedules that the true core passes. */
export const brokenCores: readonly BrokenCore[] = [
  {
    name: "a late 401 counts against the token held now",
    file: "session/session.ts",
    find: "if (held.refused || held.tokens.accessToken !== sent.tokens.accessToken) return true;",
    put: "if (held.refused) return true;",
  },
  {
    name: "every call starts a renewal of its own",
    file: "session/session.ts",
    find: "const flight = state.flight ?? renew(",
    put: "const flight = renew(",
  },
  {
    name: "one caller's abort ends the renewal for all",
    file: "session/session.ts",
    find: "flight.waiters++;",
    put: 'flight.waiters++; signal?.addEventListener("abort", () => flight.reject(signal.reason));',
  },
  {
    name: "what a renewal brings is published though a logout came while it was saved",
    file: "session/renewal.ts",
    find: "if (isWanted(state, flight)) finish(",
    put: "if (true) finish(",
  },
  {
    name: "the lock is given back before the save",
    file: "store/spend.ts",
    find: "const issue = await keep(",
    put: "await release(); const issue = await keep(",
  },
  {
    name: "a failure outlives the token set that it befell",
    file: "session/install.ts",
    find: "ended: undefined, failure: undefined, failures: 0, refusal: undefined });",
    put: "ended: undefined });",
  },
  {
    name: "no lease",
    file: "store/exchange.ts",
    find: "const claimed = await shelf.save({ ...content, lease }, record);",
    put: "const claimed = record ?? { format: 1, revision: 0, ...content };",
  },
  {
    name: "no look at the lease right before the send",
    file: "store/spend.ts",
    find: "if (current.lease?.owner === holder && !maySend(lease, clock.now(), longest)) throw lapsed;",
    put: "",
    seed: 110, // a process has to stand still just between lease and send
  },
  {
    name: "another holder's lease is overridden",
    file: "store/exchange.ts",
    find: "if (isForeignClaim(record, holder, clock.now())) {",
    put: "if (false) {",
  },
  {
    name: "a refused password is sent again",
    file: "session/latch.ts",
    find: "const final = isFinal(error);",
    put: "const final = false;",
  },
  {
    name: "a tombstone says nothing",
    file: "session/held.ts",
    find: 'if (!record.tokens) return held && "gone";',
    put: "if (!record.tokens) return undefined;",
  },
  {
    name: "another user's tokens are adopted",
    file: "session/held.ts",
    find: "if (identity !== undefined && record.identity !== identity) return",
    put: "if (false) return",
  },
  {
    name: "a call that waits gets the tokens of whoever logs in meanwhile",
    file: "session/sign-in.ts",
    find: "samePerson ? held : superseded(state)",
    put: "held",
  },
  {
    name: "own credentials are traded in the name of the user who logged in with others",
    file: "session/sign-in.ts",
    find: "if (own && !isFunction(own)) state.credentials = credentials;",
    put: "",
  },
  {
    name: "nobody is told that a refresh token was refused",
    file: "session/carry-out.ts",
    find: "const refreshRejected = before?.refreshRejected || (stored !== undefined && stored === state.refusal?.refreshToken);",
    put: "const refreshRejected = false;",
  },
  {
    name: "a lost answer is followed by repeats without end",
    file: "session/grant.ts",
    find: "if (attempt >= repeats ||",
    put: "if (attempt >= 6 ||",
  },
  {
    name: "listeners run under the lock",
    file: "store/store-access.ts",
    find: "resume = hold();",
    put: "",
  },
  {
    name: "the credentials function runs under the lock",
    file: "store/exchange.ts",
    find: "const plan = choose(attempt, record);",
    put: "if (attempt.state.canLogin && !attempt.credentials) await giveCredentials(attempt); const plan = choose(attempt, record);",
  },
];
