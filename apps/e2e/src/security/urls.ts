import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuthProvider, createAuth, type Fetch, staticToken } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { hostileUrls } from "../../../../packages/core/src/fetch/hostile-urls.fixture.ts";
import { type Attack, outcomeOf, samples, shown } from "./attack.ts";
import { hasSecret, planted } from "./planted.ts";
import { withServers } from "./server.ts";

const api = "https://api.example.com";
const endpoint = `${api}/oauth/token`;

/** An endpoint in spellings that servers take for the same. */
const spelt = [
  "https://API.example.com/oauth/token",
  `${endpoint}?a=b`,
  `${api}:443/oauth/token#c`,
  `${api}/%6Fauth/x/../token`,
  `${api}/oauth%2Ftoken`,
];

/** Every form in which a call can name a URL. */
const forms: readonly ((url: string) => string | URL | Request)[] = [(url) => url, (url) => new URL(url), (url) => new Request(url)];

/** URLs that look like the session's, to a network that notes where they go. */
export const urlSpellings: Attack = {
  name: "URLs and origins that look like the session's",
  async run(trial) {
    const provider: AuthProvider = { ...staticToken(planted.accessToken), endpoints: [endpoint] };
    const network: Fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!hasSecret(request.headers.get("authorization") ?? "")) return new Response();
      const { origin, pathname } = new URL(request.url);
      if (origin !== api) trial.finds("wrong origin", shown(request.url));
      if (decodeURI(pathname) === "/oauth/token") trial.finds("other", `the token went to its endpoint, spelt ${shown(request.url)}`);
      return new Response();
    };
    const auth = createAuth(provider, { origins: [api], fetch: network, clock: manualClock() });
    for (const url of [...spelt, ...samples(trial, hostileUrls([api]), trial.runs)]) {
      for (const form of forms) {
        trial.tried();
        await Promise.resolve(url)
          .then((given) => auth.fetch(form(given)))
          .catch(() => {}); // what the platform takes for no URL, or fetch for none of its own
      }
    }
  },
};

/** Origins in the option: whatever is taken is one that requests can have. */
export const originOptions: Attack = {
  name: "origins in the options",
  async run(trial) {
    for (const url of samples(trial, hostileUrls([api]), trial.runs)) {
      trial.tried();
      try {
        createAuth(staticToken(planted.accessToken), { origins: [url] });
        const { protocol, username, password, host } = new URL(url);
        if (protocol !== "https:" && !/^(localhost|127\.|\[::1])/.test(host)) trial.finds("other", `taken: ${shown(url)}`);
        if (username + password !== "" || host.includes("*")) trial.finds("other", `taken: ${shown(url)}`);
      } catch (error) {
        if (!(error instanceof TypeError) || !error.message.includes("origins")) trial.finds("other", `${error} for ${shown(url)}`);
      }
    }
  },
};

/** The same over the wire: two servers, and the platform's own fetch. */
export const urlsOverTheWire: Attack = {
  name: "the same over the wire",
  async run(trial) {
    const arrived: string[] = [];
    const note = (own: () => string) => (request: IncomingMessage, response: ServerResponse) => {
      const { host = "", authorization = "" } = request.headers;
      if (hasSecret(authorization)) arrived.push(host);
      if (hasSecret(authorization) && host !== own()) trial.finds("wrong origin", host);
      response.end();
    };
    let host = "";
    await withServers([note(() => host), note(() => "none")], async (own, elsewhere) => {
      host = own.host;
      const [port] = [own.host.split(":")[1]];
      const hosts = [elsewhere.host, `localhost:${port}`, `[::1]:${port}`, "127.0.0.1", "localhost", `:${port}`];
      const local: Fetch = async (input, init) => {
        const { hostname } = new URL(new Request(input, init).url);
        if (!/^(localhost|127\..*|\[::1])$/.test(hostname)) throw new TypeError("not of this machine");
        return fetch(input, init);
      };
      const auth = createAuth(staticToken(planted.accessToken), { origins: [own.origin], fetch: local });
      for (const url of [own.origin, ...samples(trial, hostileUrls([own.origin], hosts), trial.runs / 10)]) {
        trial.tried();
        await outcomeOf(trial, auth.fetch(url, { signal: AbortSignal.timeout(2_000) }), url, { platform: true });
      }
      if (arrived.length === 0) trial.finds("other", "no token arrived anywhere: nothing was tried");
    });
  },
};
