import { type AuthorizationCodeProvider, authorizationCode, type BrowserLogin, browserLogin } from "@keyturn/oauth2";
import fc from "fast-check";
import { type Attack, outcomeOf, samples, shown } from "./attack.ts";
import { planted } from "./planted.ts";

const pageUrl = "https://app.example.com/back";

/** As much of a page as a login by redirect needs. `leave` has the address that the page goes to next. */
function openPage() {
  const items = new Map<string, string>();
  let left: (address: string) => void = () => {};
  const page = {
    location: {
      ...{ href: pageUrl, origin: "https://app.example.com", pathname: "/back" },
      assign: (address: string) => left(address),
    },
    history: {
      state: null,
      replaceState: (_: unknown, __: string, address: string) => {
        page.location.href = address;
      },
    },
    sessionStorage: {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: string) => void items.set(name, value),
      removeItem: (name: string) => void items.delete(name),
      key: (index: number) => [...items.keys()][index] ?? null,
      get length() {
        return items.size;
      },
    },
  };
  const leave = (begin: () => Promise<never>) =>
    new Promise<string>((resolve, reject) => {
      left = resolve;
      begin().catch(reject);
    });
  return { page, leave };
}

/** Two logins by redirect on one page, and callbacks of others: each login trades in what is its own. */
export const pageCallbacks: Attack = {
  name: "two logins by redirect on one page",
  async run(trial) {
    const { page, leave } = openPage();
    const before = Object.keys(page).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
    for (const [name, value] of Object.entries(page))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    try {
      const traded: string[] = [];
      const providerOf = (host: string): AuthorizationCodeProvider =>
        authorizationCode({
          ...{ authorizationEndpoint: `https://${host}/authorize`, tokenEndpoint: `https://${host}/token`, clientId: "client" },
          fetch: async (input, init) => {
            traded.push(`${host} ${await new Request(input, init).text()}`);
            return Response.json({ access_token: planted.accessToken, token_type: "Bearer" });
          },
        });
      const hosts = ["a.example", "b.example"] as const;
      const logins: BrowserLogin[] = hosts.map((host) => browserLogin(providerOf(host)));
      const input = fc.record({
        began: fc.constantFrom(0, 1, 2),
        finishes: fc.constantFrom(0, 1),
        extra: fc.constantFrom("", "&tab=orders", "&error=access_denied", "#/route?code=x&state=y"),
      });
      for (const one of samples(trial, input, trial.runs / 2)) {
        trial.tried();
        traded.length = 0;
        page.location.href = pageUrl;
        const login = logins[one.began];
        const state = login ? new URL(await leave(login.begin)).searchParams.get("state") : "of-somebody-else";
        page.location.href = `${pageUrl}?code=code-of-${one.began}&state=${state}${one.extra}`;
        const callback = page.location.href;
        const finishing = logins[one.finishes];
        if (finishing) await outcomeOf(trial, finishing.finish(), one);
        if (one.began !== one.finishes && traded.length > 0)
          trial.finds("wrong origin", `a code of another login went to ${hosts[one.finishes]}`);
        if (one.began === 2 && page.location.href !== callback)
          trial.finds("other", `a stranger's callback was erased: ${shown(one.extra)}`);
      }
    } finally {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    }
  },
};
