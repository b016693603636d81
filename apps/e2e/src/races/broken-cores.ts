/** A core with one thing wrong: `find` stands in that file once, and `put` in its place. */
export interface BrokenCore {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** In which worlds it does harm: in those with a store, or in those without one too. */
  readonly where: "both" | "store";
  /** Where few schedules come to what is wrong: one with which an early one does. */
  readonly seed?: number;
}

/** Each of them is to be caught by the very schedules that the true core passes, with a store, and without one where it matters there. */
export const brokenCores: readonly BrokenCore[] = [
  {
    name: "a late 401 counts against the current token",
    where: "both",
    file: "session/session.ts",
    find: "if (held.refused || held.tokens.accessToken !== sent.tokens.accessToken) return true;",
    put: "if (held.refused) return true;",
  },
  {
    name: "every call starts a renewal of its own",
    where: "both",
    file: "session/session.ts",
    find: "const flight = state.flight ?? renew(",
    put: "const flight = renew(",
  },
  {
    name: "one caller's abort ends the renewal for all",
    where: "both",
    file: "session/session.ts",
    find: "flight.waiters++;",
    put: 'flight.waiters++; signal?.addEventListener("abort", () => flight.reject(signal.reason));',
  },
  {
    name: "what a renewal brings is published though a logout came while it was saved",
    where: "both",
    file: "session/renewal.ts",
    find: "if (isWanted(state, flight)) finish(",
    put: "if (true) finish(",
  },
  {
    name: "the lock is given back before the save",
    where: "store",
    file: "store/spend.ts",
    find: "const issue = await keep(",
    put: "await release(); const issue = await keep(",
  },
  {
    name: "a failure outlives the token set that it befell",
    where: "both",
    file: "session/install.ts",
    find: "ended: undefined, failure: undefined, failures: 0, refusal: undefined });",
    put: "ended: undefined });",
  },
  {
    name: "no lease",
    where: "store",
    file: "store/exchange.ts",
    find: "const claimed = await shelf.save({ ...content, lease }, record);",
    put: "const claimed = record ?? { format: 1, revision: 0, ...content };",
  },
  {
    name: "no look at the lease right before the send",
    where: "store",
    file: "store/spend.ts",
    find: "if (current.lease?.owner === holder && !maySend(lease, clock.now(), longest)) throw lapsed;",
    put: "",
    seed: 110, // a process has to stand still just between lease and send
  },
  {
    name: "another instance's lease is overridden",
    where: "store",
    file: "store/exchange.ts",
    find: "if (isForeignClaim(record, holder, clock.now())) {",
    put: "if (false) {",
  },
  {
    name: "a refused password is sent again",
    where: "both",
    file: "session/latch.ts",
    find: "const final = isFinal(error);",
    put: "const final = false;",
  },
  {
    name: "a logout record says nothing",
    where: "store",
    file: "session/held.ts",
    find: 'if (!record.tokens) return held && "gone";',
    put: "if (!record.tokens) return undefined;",
  },
  {
    name: "another user's tokens are taken over",
    where: "store",
    file: "session/held.ts",
    find: "if (identity !== undefined && record.identity !== identity) return",
    put: "if (false) return",
  },
  {
    name: "a call that waits gets the tokens of whoever logs in meanwhile",
    where: "both",
    file: "session/sign-in.ts",
    find: "samePerson ? held : superseded(state)",
    put: "held",
  },
  {
    name: "own credentials are sent in the name of the user who logged in with others",
    where: "both",
    file: "session/sign-in.ts",
    find: "if (own && !isFunction(own)) state.credentials = credentials;",
    put: "",
  },
  {
    name: "nobody is told that a refresh token was refused",
    where: "store",
    file: "session/carry-out.ts",
    find: "const refreshRejected = before?.refreshRejected || (stored !== undefined && stored === state.refusal?.refreshToken);",
    put: "const refreshRejected = false;",
  },
  {
    name: "a lost answer is followed by repeats without end",
    where: "both",
    file: "session/grant.ts",
    find: "if (attempt >= repeats ||",
    put: "if (attempt >= 6 ||",
  },
  {
    name: "listeners run under the lock",
    where: "store",
    file: "store/store-access.ts",
    find: "resume = hold();",
    put: "",
  },
  {
    name: "the credentials function runs under the lock",
    where: "store",
    file: "store/exchange.ts",
    find: "const plan = choose(attempt, record);",
    put: "if (attempt.state.canLogin && !attempt.credentials) await giveCredentials(attempt); const plan = choose(attempt, record);",
  },
];
