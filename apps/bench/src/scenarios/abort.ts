import { performance } from "node:perf_hooks";
import { onStage, resultOf, type Scenario } from "../scenario.ts";

const others = 4;
const soon = 100;

/** One caller gives up while the renewal it began is under way. */
export const abort: Scenario = {
  name: "abort",
  explained: `the first caller of a renewal aborts, ${others} more wait for it: when the abort is answered, and how many of the others are served`,
  run: (peer) =>
    onStage(peer, async ({ client, issuer }) => {
      issuer.expire();
      const release = issuer.holdTokens();
      const controller = new AbortController();
      const first = resultOf(client.send("/aborted", { signal: controller.signal }));
      const renewing = await Promise.race([issuer.arrived(1).then(() => true), first.then(() => false)]);
      if (!renewing) return { text: "no renewal" };
      const rest = Array.from({ length: others }, (_, number) => resultOf(client.send(`/other-${number}`)));
      const started = performance.now();
      controller.abort();
      const answered = await Promise.race([
        first.then(() => performance.now() - started),
        new Promise<undefined>((settle) => setTimeout(settle, soon)),
      ]);
      release();
      const served = (await Promise.all(rest)).filter((result) => result === 200).length;
      await first;
      const when = answered === undefined ? "after the renewal" : `${Math.max(1, Math.round(answered))} ms`;
      return { text: `${when}, ${served} of ${others}`, good: answered !== undefined && served === others };
    }),
};
