import { type Auth, createAuth } from "../create-auth.ts";
import { isAuthError } from "../errors.ts";
import type { Awaitable, TokenStore } from "../store/store.ts";
import { type ContractCase, check } from "./check.ts";
import { type ManualClock, manualClock, settled } from "./manual-clock.ts";
import { realTime, record, type StoreBench } from "./store-bench.ts";
import type { OpenedStore, StoreSubject } from "./store-subject.ts";
import { createTokenService, type ServiceUser, type TokenService } from "./token-service.ts";

/** Sessions that share a record, as far as they have come. */
interface Company {
  readonly store: TokenStore;
  readonly clock: ManualClock;
  readonly service: TokenService;
  /** A session on a holder of its own. For one that is going to die, time does not go on. */
  join(options?: {
    readonly credentials?: ServiceUser;
    readonly wrap?: (store: TokenStore) => TokenStore;
    readonly dying?: boolean;
  }): Promise<Auth<ServiceUser>>;
  /** The outcome of the work. Time goes on for sessions whenever the store is idle, for two minutes at most. */
  live<Value>(work: Promise<Value>): Promise<Value>;
}

/** What sessions make of the store together. */
export function holderCases({ clock = manualClock() }: StoreSubject, { withStore }: StoreBench): ContractCase[] {
  const withCompany = (run: (company: Company) => Promise<void>) =>
    withStore(async (opened) => {
      const joined: Auth<ServiceUser>[] = [];
      const company = gather(opened, clock, joined);
      try {
        await run(company);
      } finally {
        for (const auth of joined) auth.close().catch(() => {});
        await settled();
      }
    });

  return [
    {
      name: "a session opened later goes on with what an earlier one logged in with",
      run: withCompany(async ({ service, join, live }) => {
        const first = await join();
        await live(first.login(service.user));
        const tokens = await live(first.getToken());
        const found = await live((await join()).getToken());
        check(found.accessToken === tokens.accessToken, `the later session gets ${found.accessToken}, not ${tokens.accessToken}`);
        check(service.sent.login === 1, "the later session logs in again");
      }),
    },
    {
      name: "sessions that begin at once log in once",
      run: withCompany(async ({ service, join, live }) => {
        const { user } = service;
        const sessions = [await join({ credentials: user }), await join({ credentials: user }), await join({ credentials: user })];
        const found = await live(Promise.all(sessions.map((auth) => auth.getToken())));
        check(new Set(found.map(({ accessToken }) => accessToken)).size === 1, "they get different tokens");
        check(service.sent.login === 1, `${service.sent.login} logins are sent`);
      }),
    },
    ...renewals("sessions that renew at once send one refresh; the others adopt what it brings", (store: TokenStore) => store),
    ...renewals("without exclusive the lease alone decides: one refresh is sent", ({ exclusive: _, ...store }) => store),
    ...renewals("past a lock that is never granted one refresh is sent", (store) => ({ ...store, exclusive: () => new Promise(() => {}) })),
    {
      name: "over many renewals no refresh token is sent by two at once, nor again after an answer to it",
      run: withCompany(async ({ clock, service, join, live }) => {
        const first = await join();
        const sessions = [first, await join(), await join()];
        await live(first.login(service.user));
        for (let round = 0; round < 6; round++) {
          await live(Promise.all(sessions.map((auth) => auth.getToken(round % 2 ? {} : { renew: true }))));
          clock.setWallClock(clock.now() + (round % 3) * 300_000);
        }
        checkSpending(service);
        check(service.sent.login === 1, "a session had to log in again");
        check(service.sent.refresh >= 4, `only ${service.sent.refresh} refreshes are sent in six rounds`);
      }),
    },
    {
      name: "a holder that dies with a lease stops nobody for longer than the lease lasts",
      run: withCompany(async ({ service, join, live }) => {
        const [dying, other] = [await join({ dying: true }), await join({ credentials: service.user })];
        await live(dying.login(service.user));
        const { accessToken } = await live(other.getToken());
        const lost = service.holdAnswers();
        dying.getToken({ renew: true }).catch(() => {});
        await live(lost.arrived);
        service.holdAnswers().release();
        const renewed = await live(retried(() => other.getToken({ renew: true })));
        check(renewed.accessToken !== accessToken, "the other holder goes on with the old token");
        check(service.sent.login === 2, "the other holder does not log in, though the refresh token may be spent");
        checkSpending(service);
      }),
    },
    {
      name: "a password that one session had refused is not sent by another",
      run: withCompany(async ({ service, join, live }) => {
        const credentials = { ...service.user, password: "wrong horse" };
        const sessions = [await join({ credentials }), await join({ credentials }), await join({ credentials })];
        const codes = await live(Promise.all(sessions.map((auth) => codeOf(auth.getToken()))));
        check(
          codes.every((code) => code === "credentials-rejected"),
          `the sessions end with ${codes.join(", ")}`,
        );
        check(service.sent.login === 1, `the password is sent ${service.sent.login} times`);
      }),
    },
    {
      name: "a logout in one session ends the others, and leaves no tokens in the store",
      run: withCompany(async ({ clock, service, join, live }) => {
        const [leaving, other] = [await join(), await join()];
        await live(leaving.login(service.user));
        await live(other.getToken());
        await live(leaving.logout());
        // Announced, or found out behind a request within half a minute.
        for (let second = 0; second < 40 && other.status.state !== "logged-out"; second++) {
          await live(codeOf(other.getToken()));
          await clock.advance(1_000);
          await realTime();
        }
        check(other.status.state === "logged-out", `the other session is ${other.status.state}`);
        check((await live(codeOf(other.getToken()))) === "logged-out", "the other session still has a token");
        check((await live(codeOf((await join()).getToken()))) === "login-required", "a session opened later still finds tokens");
      }),
    },
    {
      name: "a logout during another session's renewal wins over what that brings",
      run: withCompany(async ({ service, join, live }) => {
        const [leaving, renewing] = [await join(), await join()];
        await live(leaving.login(service.user));
        await live(renewing.getToken());
        const answers = service.holdAnswers();
        const renewed = codeOf(renewing.getToken({ renew: true }));
        await live(answers.arrived);
        await live(leaving.logout());
        answers.release();
        check((await live(renewed)) === "logged-out", "the renewal succeeds");
        check((await live(codeOf((await join()).getToken()))) === "login-required", "the session is back");
      }),
    },
    {
      name: "a record of somebody else is not adopted",
      run: withCompany(async ({ store, service, join, live }) => {
        await store.save(record(1), 0);
        const found = await live((await join({ credentials: { ...service.user, username: "ben@example.com" } })).getToken());
        check(found.accessToken === "access-1" && service.sent.login === 1, "another user's tokens are taken over");
      }),
    },
  ];

  /** Three sessions renew at the same time. */
  function renewals(name: string, wrap: (store: TokenStore) => TokenStore): ContractCase[] {
    const run = withCompany(async ({ service, join, live }) => {
      const first = await join({ wrap });
      const sessions = [first, await join({ wrap }), await join({ wrap })];
      await live(first.login(service.user));
      await live(Promise.all(sessions.map((auth) => auth.getToken())));
      const answers = service.holdAnswers();
      const renewing = Promise.all(sessions.map((auth) => auth.getToken({ renew: true })));
      renewing.catch(() => {}); // told below
      await live(answers.arrived);
      answers.release();
      const found = await live(renewing);
      checkSpending(service);
      check(service.sent.refresh === 1, `${service.sent.refresh} refreshes are sent`);
      check(new Set(found.map(({ accessToken }) => accessToken)).size === 1, "the sessions get different tokens");
    });
    return [{ name, run }];
  }
}

function gather(opened: OpenedStore, clock: ManualClock, joined: Auth<ServiceUser>[]): Company {
  const service = createTokenService();
  let pending = 0;
  const { store } = opened;

  const track = async <Value>(call: Awaitable<Value>): Promise<Value> => {
    pending++;
    try {
      return await call;
    } finally {
      pending--;
    }
  };

  return {
    ...{ store, clock, service },
    async join({ credentials, wrap = (store: TokenStore) => store, dying } = {}) {
      const holder = joined.length === 0 ? store : await opened.another();
      const tracked: TokenStore = {
        load: () => track(holder.load()),
        save: (next, expected) => track(holder.save(next, expected)),
        ...(holder.exclusive && { exclusive: holder.exclusive.bind(holder) }),
        ...(holder.watch && { watch: holder.watch.bind(holder) }),
      };
      const auth = createAuth(service.provider, {
        store: wrap(tracked),
        clock: dying ? { ...clock, schedule: () => () => {} } : clock,
        ...(credentials && { credentials }),
      });
      joined.push(auth);
      return auth;
    },
    async live(work) {
      let done = false;
      const ended = work.finally(() => {
        done = true;
      });
      ended.catch(() => {}); // thrown below
      for (let moment = 0; moment < 240 && !done; moment++) {
        await settled();
        while (pending > 0 && !done) await settled();
        if (done) break;
        await realTime();
        await clock.advance(500);
      }
      check(done, "nothing comes of it in two minutes");
      return ended;
    },
  };
}

function checkSpending({ sentTwice }: TokenService): void {
  check(sentTwice.length === 0, `a refresh token is sent twice: ${sentTwice.join(", ")}`);
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "no error";
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}

/** Asks again after a timeout, as a caller would. */
async function retried<Value>(call: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isAuthError(error) || error.code !== "renewal-timeout") throw error;
    }
  }
}
