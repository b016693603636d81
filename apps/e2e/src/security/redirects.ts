import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuthProvider, createAuth, staticToken } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { password } from "@keyturn/oauth2";
import fc from "fast-check";
import { type Attack, outcomeOf, samples, shown } from "./attack.ts";
import { hasSecret, planted } from "./planted.ts";
import { bodyOf, withServers } from "./server.ts";

const statuses = [300, 301, 302, 303, 307, 308, 200, 201, 401];

/** Sends its token in a header that fetch takes along to wherever a redirect leads. */
const keyProvider: AuthProvider = {
  ...staticToken(planted.accessToken),
  authorize: (headers, { accessToken }) => headers.set("x-api-key", accessToken),
};

/** Addresses of another origin, as a server may spell them. */
const locationsOf = (host: string, port: string): string[] => [
  `http://${host}/`,
  `//${host}/`,
  `\\\\${host}/`,
  `/\\${host}/`,
  `http:\\\\${host}/`,
  ` http://${host}/`,
  `HTTP://${host}/`,
  `http://user:pass@${host}/`,
  `http://localhost:${port}/`,
  `/hop?to=http://${host}/`,
  `/hop?to=/hop?to=//${host}/`,
];

/** An API that sends its callers elsewhere, at once or on the re-send, and a token endpoint that does. */
export const redirects: Attack = {
  name: "redirects of an API and of a token endpoint",
  async run(trial) {
    let host = "";
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const { headers, url = "/" } = request;
      const body = await bodyOf(request);
      if (headers.host !== host && (hasSecret(JSON.stringify(headers)) || hasSecret(body)))
        trial.finds("wrong origin", `${headers.host}${url}`);
      const { searchParams, pathname } = new URL(url, "http://localhost");
      const to = searchParams.get("to");
      if (pathname === "/hop" && to) response.writeHead(302, { location: to });
      else if (pathname === "/go" && to && headers.host === host)
        response.writeHead(Number(searchParams.get("status")), { location: to, refresh: `0; url=${to}` });
      response.end();
    };
    await withServers([answer, answer], async (own, elsewhere) => {
      host = own.host;
      const input = fc.record({
        status: fc.constantFrom(...statuses),
        location: fc.constantFrom(...locationsOf(elsewhere.host, own.host.split(":")[1] ?? "")),
        method: fc.constantFrom("GET", "POST"),
        provider: fc.constantFrom("bearer", "key", "token endpoint"),
      });
      for (const { status, location, method, provider } of samples(trial, input, trial.runs / 10)) {
        trial.tried();
        const url = `${own.origin}/go?status=${status}&to=${encodeURIComponent(location)}`;
        const options = { origins: [own.origin], clock: manualClock(), cooldown: 0 };
        const inputs = [status, location, method, provider];
        if (provider === "token endpoint") {
          const client = password({ tokenEndpoint: url, clientId: "client", clientSecret: planted.clientSecret });
          const auth = createAuth(client, { ...options, credentials: { username: "ada", password: planted.password } });
          await outcomeOf(trial, auth.getToken(), inputs, options);
        } else {
          const auth = createAuth(provider === "key" ? keyProvider : staticToken(planted.accessToken), options);
          const sent = auth.fetch(url, { method, ...(method === "POST" && { body: "x" }) });
          if ((await outcomeOf(trial, sent, inputs, { ...options, platform: true })) === undefined && status === 200)
            trial.finds("other", `no answer for ${shown(inputs)}`);
        }
      }
    });
  },
};
