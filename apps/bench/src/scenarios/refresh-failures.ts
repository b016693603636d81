import { counting, onStage, plural, resultOf, type Scenario } from "../scenario.ts";

/** A blip of the token endpoint. */
export const transientFailure: Scenario = {
  name: "503 once",
  explained: "the token endpoint answers 503 once: the call that needs it, and the next one",
  run: (peer) =>
    onStage(peer, async ({ client, issuer }) => {
      issuer.expire();
      issuer.failTokens(1, 503, "temporarily_unavailable");
      const first = await resultOf(client.send("/first-after"));
      const second = await resultOf(client.send("/second-after"));
      return { text: `${word(first)}, then ${word(second)}`, good: first === 200 && second === 200 };
    }),
};

const calls = 20;

/** The refresh token is dead, and the application goes on calling. */
export const finalFailure: Scenario = {
  name: "dead refresh token",
  explained: `the refresh token is refused, and ${calls} calls follow: token requests`,
  run: (peer) =>
    onStage(peer, async ({ client, issuer }) => {
      issuer.expire();
      issuer.failTokens(Number.POSITIVE_INFINITY, 400, "invalid_grant");
      const requests = await counting(issuer, async () => {
        for (let number = 0; number < calls; number++) await resultOf(client.send(`/call-${number}`));
      });
      if (requests === 0) return { text: "none sent", value: 0 };
      return { text: plural(requests, "request"), good: requests === 1, value: requests };
    }),
};

const word = (result: number | "error" | "hangs"): string => (result === 200 ? "ok" : String(result));
