import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuthProvider, createAuth, isAuthError } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { clientCredentials } from "@keyturn/oauth2";
import fc from "fast-check";
import { hostileChallenges } from "../../../../packages/core/src/fetch/hostile-challenges.fixture.ts";
import { type Attack, outcomeOf, samples, shown, watchEvents } from "./attack.ts";
import { planted } from "./planted.ts";
import { withServers } from "./server.ts";

/** What HTTP lets stand in a field (RFC 9110, section 5.5); Node's client takes 16 KiB of headers. */
const asField = (text: string): string =>
  text
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "")
    .trim()
    .slice(0, 12_000);

/** An API that says no with any challenge: it costs one renewal, and two requests. */
export const challenges: Attack = {
  name: "WWW-Authenticate of an API",
  async run(trial) {
    let field = "";
    let status = 401;
    let requests = 0;
    const api = (_: IncomingMessage, response: ServerResponse) => {
      requests++;
      response.writeHead(status, { "www-authenticate": field }).end();
    };
    await withServers([api], async ({ origin }) => {
      const input = fc.record({
        header: hostileChallenges,
        times: fc.constantFrom(1, 1, 50, 2_000),
        status: fc.constantFrom(401, 401, 403),
        stepUp: fc.boolean(),
      });
      for (const one of samples(trial, input, trial.runs / 4)) {
        trial.tried();
        field = asField(one.header.repeat(one.times));
        status = one.status;
        requests = 0;
        let grants = 0;
        const clock = manualClock();
        const grant = async () => ({ accessToken: `${planted.accessToken}-${++grants}`, receivedAt: clock.now() });
        const provider: AuthProvider = { name: "attacked", login: grant };
        const onStepUp = one.stepUp ? () => {} : undefined;
        const auth = createAuth(provider, { origins: [origin], clock, cooldown: 0, ...(onStepUp && { onStepUp }) });
        watchEvents(trial, auth, one);
        const answer = await outcomeOf(trial, auth.fetch(origin), one, { clock });
        if (answer?.status !== one.status) trial.finds("other", `the caller got ${answer?.status} for ${shown(one)}`);
        if (grants > 2 || requests > 2) trial.finds("other", `${grants} grants and ${requests} requests for ${shown(one)}`);
        await auth.close();
      }
    });
  },
};

const moments = ["Fri, 31 Dec 1999 23:59:59 GMT", "Thu, 01 Jan 2026 00:00:05 GMT", "Thu, 01 Jan 2099 00:00:00 GMT", "2026-01-01", "now"];
const retryAfter = fc.oneof(
  fc.constantFrom("0", "-1", "0.5", "5, 5", "1e9", "٣", "Infinity", "99999999999999999999", " 3 ", "", "+5", "0x10", "120", ...moments),
  fc.string({ maxLength: 40 }),
  fc.nat().map(String),
);

/** A token endpoint that is out of order and says anything of when to come back. */
export const retryAfters: Attack = {
  name: "Retry-After of a token endpoint",
  async run(trial) {
    const input = fc.record({ header: retryAfter.map(asField), status: fc.constantFrom(429, 503) });
    for (const one of samples(trial, input, trial.runs / 4)) {
      trial.tried();
      const clock = manualClock();
      let asked = 0;
      const headers = { "retry-after": one.header, "content-type": "application/json" };
      const server = async (url: string | URL | Request) => {
        if (!String(url).endsWith("/token")) return new Response();
        asked++;
        return new Response("{}", { status: one.status, headers });
      };
      const provider = clientCredentials({
        tokenEndpoint: "https://login.example.com/token",
        clientId: "client",
        clientSecret: planted.clientSecret,
      });
      const auth = createAuth(provider, { origins: ["https://api.example.com"], clock, fetch: server });
      watchEvents(trial, auth, one);
      const call = async () => {
        const answer: Promise<unknown> = auth.getToken().catch((reason: unknown) => reason);
        await clock.advance(990); // repeats come after 200 ms and 400 ms
        return answer;
      };
      const exchange = await Promise.race([call(), clock.advance(16_000)]);
      if (exchange && !isAuthError(exchange)) trial.finds("other", `${String(exchange)} for ${shown(one)}`);
      // One exchange is three requests at most.
      if (asked > 3) trial.finds("other", `${asked} requests of one call for ${shown(one)}`);
      await clock.advance(2 * 3_600_000);
      const later = asked;
      for (let again = 0; again < 10; again++) {
        void auth.getToken().catch(() => {});
        await clock.advance(90);
      }
      // No Retry-After makes the wait after a failure shorter than the session's own, and none longer than an hour and a half.
      if (asked === later) trial.finds("other", `nothing is sent two hours later, for ${shown(one)}`);
      if (asked - later > 3) trial.finds("other", `${asked - later} requests within a second, for ${shown(one)}`);
      await clock.advance(20_000);
      await auth.close();
    }
  },
};
