import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createAuth } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { password } from "@keyturn/oauth2";
import fc from "fast-check";
import { type Attack, checkShown, outcomeOf, samples, shown, watchEvents } from "./attack.ts";
import { planted } from "./planted.ts";
import { bodyOf, withServers } from "./server.ts";

/** Members as a server may write them, most of them wrong. */
const oddNumbers = ["3600", 1e300, -1, 0, 0.5, 2 ** 53, "1h", "", "NaN", null, [], [3600], {}, true, "0x10", "1e9", "９"];
const oddTexts = [...["", " ", "a\nb", "a\r\nx-evil: 1", "\u0000", "é", "x".repeat(100_000), "Bearer x", 7, null, {}, ["a"], true]];

const text = fc.constantFrom<unknown>(...oddTexts);
/** What nobody is ever shown may repeat every secret. */
const prose = fc.constantFrom<unknown>(...oddTexts, ...Object.values(planted));
const answers = fc.record(
  {
    access_token: fc.oneof(fc.constant<unknown>(planted.accessToken), text),
    refresh_token: prose,
    id_token: fc.oneof(text, fc.constantFrom("a.b.c", `${btoa("{}")}.${btoa('{"exp":1e400}')}.x`, `x.${btoa("[".repeat(10_000))}.x`)),
    token_type: fc.oneof(fc.constantFrom<unknown>("Bearer", "bearer", "DPoP", "N_A"), text),
    expires_in: fc.constantFrom<unknown>(...oddNumbers),
    scope: text,
    error: fc.oneof(fc.constantFrom<unknown>("invalid_grant", "invalid_client", "__proto__", ":".repeat(50_000)), text),
    error_description: prose,
    error_uri: prose,
    __proto__: fc.constant({ access_token: planted.accessToken }),
  },
  { requiredKeys: [] },
);

/** How the bytes come: as they are, beyond all measure, without an end, in drops, cut off, or not as announced. */
type Manner = "whole" | "echo" | "huge" | "endless" | "drops" | "cut" | "reset" | "no gzip" | "deep" | "html";
const manners: readonly Manner[] = [
  "whole",
  "whole",
  "whole",
  "whole",
  "echo",
  "echo",
  "huge",
  "endless",
  "drops",
  "cut",
  "reset",
  "no gzip",
  "deep",
  "html",
];

const answer = fc.record({
  manner: fc.constantFrom(...manners),
  status: fc.constantFrom(200, 200, 200, 400, 400, 401, 403, 404, 408, 429, 500, 503),
  body: answers,
});

/** More than any token answer has: what is read beyond it, memory is lost for. */
const most = 2 * 2 ** 20;

async function send(
  response: ServerResponse,
  { manner, status, body }: typeof answer extends fc.Arbitrary<infer Value> ? Value : never,
  sent: string,
) {
  const json = JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  const write = async (chunk: string) => {
    if (!response.write(chunk)) await Promise.race([new Promise((resolve) => response.once("drain", resolve)), delay(200)]);
  };
  const { password: secret, refresh_token } = Object.fromEntries(new URLSearchParams(sent));
  if (manner === "whole") response.writeHead(status, headers).end(json);
  if (manner === "echo")
    response
      .writeHead(status, headers)
      .end(JSON.stringify({ error: secret ?? refresh_token ?? sent, error_description: sent, scope: secret }));
  if (manner === "html") response.writeHead(status, { "content-type": "text/html" }).end(`<p>${sent}</p>`);
  if (manner === "deep") response.writeHead(status, headers).end(`{"access_token":${"[".repeat(200_000)}`);
  if (manner === "no gzip") response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end(json);
  if (manner === "reset") response.destroy();
  if (manner === "cut")
    response.writeHead(status, { ...headers, "content-length": json.length + 100 }).write(json, () => response.destroy());
  if (manner === "huge") {
    response.writeHead(status, headers);
    for (let part = 0; part < 128 && !response.closed && !response.destroyed; part++) await write(" ".repeat(2 ** 16));
    response.end(json);
  }
  if (manner === "endless" || manner === "drops") {
    response.writeHead(status, headers);
    for (let part = 0; part < 400 && !response.closed && !response.destroyed; part++) {
      await write(manner === "drops" ? " " : " ".repeat(2 ** 16));
      await delay(manner === "drops" ? 20 : 5);
    }
  }
}

/** Calls back with what has been read of one answer, in bytes, while it is read. */
function metered(onRead: (bytes: number) => void): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    let bytes = 0;
    const meter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        onRead(bytes);
        controller.enqueue(chunk);
      },
    });
    return new Response(answer.body?.pipeThrough(meter) ?? null, answer);
  };
}

/** A token endpoint that answers anything: at the login, and at the refresh of a session that has tokens. */
export const tokenAnswers: Attack = {
  name: "answers of a token endpoint",
  async run(trial) {
    for (const one of samples(trial, fc.tuple(answer, fc.boolean()), trial.runs / 10)) {
      const [hostile, atRefresh] = one;
      let asked = 0;
      const tokenServer = async (request: IncomingMessage, response: ServerResponse) => {
        const body = await bodyOf(request);
        if (request.url !== "/token") return void response.end();
        asked++;
        if (atRefresh && asked === 1) {
          const { accessToken, refreshToken } = planted;
          response.end(JSON.stringify({ access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", expires_in: 60 }));
          return;
        }
        await send(response, hostile, body);
      };
      await withServers([tokenServer], async ({ origin }) => {
        trial.tried();
        const clock = manualClock();
        const provider = password({ tokenEndpoint: `${origin}/token`, clientId: "client", clientSecret: planted.clientSecret });
        const credentials = { username: "ada", password: planted.password };
        const taken = new Set<string>();
        const counted = metered((bytes) => {
          if (bytes > most) taken.add(`${hostile.manner}: more than ${most} bytes of one answer were taken`);
        });
        const auth = createAuth(provider, { origins: [origin], credentials, clock, fetch: counted });
        watchEvents(trial, auth, one);
        if (atRefresh) await outcomeOf(trial, auth.getToken(), one, { clock });
        const before = asked;
        await outcomeOf(trial, auth.getToken({ renew: atRefresh }), one, { clock });
        // Twice repeated at once at most, and a login after a refused refresh token.
        if (asked - before > 6) trial.finds("other", `${asked - before} token requests for one call, ${shown(one)}`);
        await outcomeOf(trial, auth.fetch(`${origin}/things`), one, { clock });
        checkShown(trial, auth, one);
        await outcomeOf(trial, auth.close(), one, { clock });
        for (const finding of taken) trial.finds("other", finding);
      });
    }
  },
};
