import { type AuthProvider, createAuth, type StoredSession, type TokenStore } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { hostileRecords } from "../../../../packages/core/src/store/hostile-records.fixture.ts";
import { type Attack, checkShown, outcomeOf, samples, shown, watchEvents } from "./attack.ts";
import { hasSecret, planted } from "./planted.ts";

const api = "https://api.example.com";

/** A store that gives back anything, until something is saved. */
export const records: Attack = {
  name: "stored records",
  async run(trial) {
    for (const record of samples(trial, hostileRecords, trial.runs)) {
      trial.tried();
      const clock = manualClock();
      let stored = record as StoredSession | undefined; // the attack: it need not be one
      const revision = () => (typeof stored?.revision === "number" ? stored.revision : 0);
      const store: TokenStore = {
        load: () => stored,
        save(next, expected) {
          if (stored != null && expected !== revision()) return false;
          stored = next;
          return true;
        },
      };
      const provider: AuthProvider<{ readonly username: string }> = {
        name: "attacked",
        origins: [api],
        credentials: ["username"],
        identity: ({ username }) => username,
        login: async () => ({ accessToken: planted.accessToken, refreshToken: planted.refreshToken, receivedAt: clock.now() }),
        refresh: async () => ({ accessToken: planted.accessToken, refreshToken: planted.refreshToken, receivedAt: clock.now() }),
      };
      const network = async (input: string | URL | Request, init?: RequestInit) => {
        const request = new Request(input, init);
        if (hasSecret(request.headers.get("authorization") ?? "") && !request.url.startsWith(api)) trial.finds("wrong origin", request.url);
        return new Response();
      };
      const auth = createAuth(provider, { clock, store, fetch: network });
      watchEvents(trial, auth, record);
      await outcomeOf(trial, auth.fetch(api), record, { clock });
      await outcomeOf(trial, auth.login({ username: "ada" }), record, { clock });
      if ((await outcomeOf(trial, auth.fetch(api), record, { clock })) === undefined)
        trial.finds("other", `no call succeeds after a login over ${shown(record)}`);
      checkShown(trial, auth, record);
      await auth.close();
    }
  },
};
