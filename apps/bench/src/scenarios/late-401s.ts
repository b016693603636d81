import { counting, onStage, plural, resultOf, type Scenario } from "../scenario.ts";

const calls = 6;

/** Their 401s come back one by one, each after the one before it has been renewed for and served. */
export const late401s: Scenario = {
  name: "late 401s",
  explained: `${calls} calls sent with one dead token, whose 401s arrive one after another: refreshes, failed calls`,
  run: (peer) =>
    onStage(peer, async ({ client, issuer }) => {
      issuer.expire();
      const gates = new Map<string, () => void>();
      const arrived: (() => void)[] = [];
      issuer.beforeApi = (request) => {
        const { pathname } = new URL(request.url);
        if (gates.has(pathname)) return; // its re-send
        return new Promise((open) => {
          gates.set(pathname, open);
          arrived.shift()?.();
        });
      };
      const sent: ReturnType<typeof resultOf>[] = [];
      for (let number = 0; number < calls; number++) {
        const here = new Promise<void>((settle) => arrived.push(settle));
        sent.push(resultOf(client.send(`/late-${number}`)));
        await here;
      }
      let failed = 0;
      const refreshes = await counting(issuer, async () => {
        for (const [number, result] of sent.entries()) {
          gates.get(`/late-${number}`)?.();
          if ((await result) !== 200) failed++;
        }
      });
      const text = failed === 0 ? plural(refreshes, "refresh").replace(/hs$/, "hes") : `${plural(failed, "failure")}`;
      return { text, good: refreshes === 1 && failed === 0, value: refreshes };
    }),
};
