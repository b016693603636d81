import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAuth, memoryStore, type TokenStore } from "./index.ts";
import { ada, ben, createIssuer, createLock, type Issuer, origin, type User } from "./test-kit.ts";

// Every answer of the issuer, the API and the store arrives when fast-check says so. The seed is fixed: a run is the same each time.
const seed = 20_260_101;

/** The same, but each answer is delivered in an order of the scheduler's choice. */
function scheduled(scheduler: fc.Scheduler, issuer: Issuer): Pick<Issuer, "provider" | "fetch"> {
  const { provider, fetch } = issuer;
  const { login, refresh, revoke } = provider;
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  return {
    async fetch(input, init) {
      await turn("request");
      const response = await fetch(input, init);
      await turn("response");
      return response;
    },
    provider: {
      ...provider,
      async login(...given) {
        await turn("login");
        const tokens = await login(...given);
        await turn("login answer");
        return tokens;
      },
      async refresh(...given) {
        const answer = refresh?.(...given);
        await turn("refresh answer");
        return answer as NonNullable<typeof answer>; // the issuer has a refresh
      },
      async revoke(...given) {
        await turn("revoke");
        await revoke?.(...given);
      },
    },
  };
}

function scheduledStore(scheduler: fc.Scheduler, store: TokenStore): TokenStore {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  return {
    ...store,
    async load() {
      await turn("load");
      const record = await store.load();
      await turn("loaded");
      return record;
    },
    async save(next, expected) {
      await turn("save");
      const saved = await store.save(next, expected);
      await turn("saved");
      return saved;
    },
  };
}

/** Lets everything happen, time included, until the work is done. */
async function finish(scheduler: fc.Scheduler, issuer: Issuer, work: Promise<unknown>): Promise<void> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  for (let round = 0; round < 500 && !done; round++) {
    await scheduler.waitIdle();
    if (!done) await issuer.clock.advance(250);
  }
  expect(done, "everything comes to an end").toBe(true);
  await ended;
}

const actions = (names: readonly string[]) => fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 });

describe("in whatever order answers arrive", () => {
  it.each([
    ["stores of their own", () => [memoryStore(), memoryStore()] as const],
    ["one store", () => Array(2).fill(memoryStore()) as [TokenStore, TokenStore]],
  ])("[78] sessions of two users with %s never exchange tokens", async (_, stores) => {
    const names = ["fetch", "fetch", "renew", "login", "logout", "invalidate", "kill"];
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), actions(names), actions(names), async (scheduler, one, other) => {
        const issuer = createIssuer();
        const { provider, fetch } = scheduled(scheduler, issuer);
        const shelves = stores();
        const run = async (user: User, script: readonly string[], store: TokenStore) => {
          const auth = createAuth(provider, { fetch, store: scheduledStore(scheduler, store), clock: issuer.clock, credentials: user });
          const tokens: string[] = [];
          const perform = async (action: string) => {
            if (action === "fetch") await auth.fetch(`${origin}/${user.username}`);
            else if (action === "login") await auth.login();
            else if (action === "logout") await auth.logout();
            else if (action === "kill") issuer.killAccessTokens();
            else if (action === "invalidate") auth.invalidate((await auth.getToken()).accessToken);
            else tokens.push((await auth.getToken({ renew: true })).accessToken);
          };
          await Promise.allSettled(script.map(perform));
          expect(tokens.every((token) => token.startsWith(`access-${user.username}-`))).toBe(true);
        };
        await finish(scheduler, issuer, Promise.all([run(ada, one, shelves[0]), run(ben, other, shelves[1])]));
        for (const { url, token } of issuer.requests) expect(token).toContain(url.split("/").at(-1));
      }),
      { seed, numRuns: 60 },
    );
  });

  it("[103] holders of one session never send a refresh token twice, and renew in the end", async () => {
    const names = ["fetch", "renew", "renew", "invalidate", "kill"];
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.tuple(actions(names), actions(names), actions(names)),
        fc.boolean(),
        fc.boolean(),
        async (scheduler, scripts, watched, locked) => {
          const issuer = createIssuer();
          const { provider, fetch } = scheduled(scheduler, issuer);
          const { load, save, watch } = memoryStore();
          const { exclusive } = createLock();
          const store: TokenStore = { load, save, ...(watched && watch && { watch }), ...(locked && { exclusive }) };
          await createAuth(issuer.provider, { store, clock: issuer.clock }).login(ada);
          const run = async (script: readonly string[]) => {
            const auth = createAuth(provider, { fetch, store: scheduledStore(scheduler, store), clock: issuer.clock });
            const perform = async (action: string) => {
              if (action === "kill") issuer.killAccessTokens();
              else if (action === "fetch") await auth.fetch(`${origin}/things`);
              else if (action === "invalidate") auth.invalidate((await auth.getToken()).accessToken);
              else await auth.getToken({ renew: true });
            };
            await Promise.all(script.map(perform));
            await auth.close();
          };
          await finish(scheduler, issuer, Promise.all(scripts.map(run)));
          expect(issuer.doubleSpending).toEqual([]);
          expect(issuer.sent.login).toBe(1);
          expect((await store.load())?.claim).toBeUndefined();
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  it("[46, 48, 104] after a logout or another user's login nothing older comes back into the store", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), fc.nat(12), async (scheduler, someoneElse, patience) => {
        const issuer = createIssuer();
        const { provider, fetch } = scheduled(scheduler, issuer);
        const store = memoryStore();
        const holders = [1, 2, 3].map(() => createAuth(provider, { fetch, store: scheduledStore(scheduler, store), clock: issuer.clock }));
        const [leaving, ...others] = holders;
        await createAuth(issuer.provider, { store, clock: issuer.clock }).login(ada);
        const warm = Promise.all(holders.map((auth) => auth.getToken()));
        await finish(scheduler, issuer, warm);
        const renewing = Promise.allSettled(others.map((auth) => auth.getToken({ renew: true })));
        for (let step = 0; step < patience && scheduler.count() > 0; step++) await scheduler.waitNext(1);
        const left = someoneElse ? leaving?.login(ben) : leaving?.logout();
        await finish(scheduler, issuer, Promise.all([renewing, left]));
        await finish(scheduler, issuer, Promise.all(holders.map((auth) => auth.close())));
        const record = await store.load();
        if (someoneElse) expect(record).toMatchObject({ identity: "issuer ben", tokens: { accessToken: expect.stringContaining("ben") } });
        else expect(record?.tokens).toBeUndefined();
        expect(issuer.doubleSpending).toEqual([]);
      }),
      { seed, numRuns: 80 },
    );
  });
});
