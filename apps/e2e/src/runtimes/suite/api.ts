import { type Auth, type AuthOptions, type AuthProvider, createAuth } from "@keyturn/core";

/** Where the suite's API is: one server with two origins, which answers with everything that arrived under an id so far. */
export interface Addresses {
  readonly api: string;
  readonly elsewhere: string;
}

/** A request as it came over the wire. */
export interface Arrived {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The API with a session at it, for one case. */
export interface Api {
  readonly auth: Auth;
  /** Of the API, with options for its answer. */
  url(query?: Readonly<Record<string, string>>): string;
  elsewhere(query?: Readonly<Record<string, string>>): string;
  /** What arrived at the API, without the logins. */
  arrived(): Promise<readonly Arrived[]>;
  /** How often a token was asked for. */
  logins(): number;
  /** From now on a login waits until `release` is called; `asked` resolves when one does. */
  hold(): { readonly asked: Promise<void>; readonly release: () => void };
}

/** A session whose tokens are token-1, token-2 and so on, got over the wire. */
export function startApi({ api, elsewhere }: Addresses, options: AuthOptions<void> = {}): Api {
  const id = crypto.randomUUID();
  let logins = 0;
  let held: { readonly tell: () => void; readonly opened: Promise<void> } | undefined;
  const address = (base: string, query: Readonly<Record<string, string>>): string =>
    `${base}/echo?${new URLSearchParams({ id, ...query })}`;

  const provider: AuthProvider = {
    name: "suite",
    origins: [api],
    async login(_, context) {
      logins += 1;
      held?.tell();
      await held?.opened;
      const response = await context.fetch(address(api, { id: `${id} logins` }), { method: "POST", body: "grant", signal: context.signal });
      const requests: readonly Arrived[] = await response.json();
      return { accessToken: `token-${requests.length}`, receivedAt: context.now() };
    },
  };

  return {
    auth: createAuth(provider, { cooldown: 0, ...options }),
    url: (query = {}) => address(api, query),
    elsewhere: (query = {}) => address(elsewhere, query),
    async arrived() {
      const requests: readonly Arrived[] = await (await fetch(address(api, {}), { method: "REPORT" })).json();
      return requests.filter(({ method }) => method !== "REPORT"); // less such requests as this
    },
    logins: () => logins,
    hold() {
      const [asked, opened] = [signal(), signal()];
      held = { tell: asked.give, opened: opened.given };
      return { asked: asked.given, release: opened.give };
    },
  };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
