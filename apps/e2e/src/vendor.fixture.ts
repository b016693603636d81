import { type Auth, type AuthOptions, type AuthProvider, createAuth, type Fetch, type TokenStore } from "@keyturn/core";
import { type ManualClock, manualClock, type ProviderSubject } from "@keyturn/core/testing";
import type { Control, Emulator, KitOptions, SessionControl } from "@keyturn/emulators";
import { createNetwork, type Network } from "./network.fixture.ts";

/** What every emulator's control can do, and what some can. */
export type VendorControl = Control<string> &
  Omit<SessionControl, "revokeRefresh"> &
  Partial<SessionControl> & { setState?(who: string, state: string): void };

/** A provider with one way its server may behave: what a package's variants.fixture.ts lists. */
export interface Variant<Credentials> extends Omit<ProviderSubject<Credentials>, "fetch" | "now"> {
  readonly name: string;
  readonly emulate: (kit: KitOptions) => Pick<Emulator<VendorControl>, "fetch" | "control" | "listen">;
  /** The state of an account that is asked for a further step, and of one that no longer is; absent where the vendor has none. */
  readonly challenge?: { readonly state: string; readonly cleared: string };
  /** Whom the emulator counts failed logins of; absent where a client logs in. */
  readonly account?: string;
  /** What the emulator calls its login. Default "login". */
  readonly login?: string;
  /** Where credentials cannot be wrong, the provider is. */
  readonly wrongProvider?: () => AuthProvider<Credentials>;
  /** Why no scenario with the emulator's API makes sense, where none does. */
  readonly contractOnly?: string;
}

/** A provider with its server, in the form that all share. */
export interface Vendor {
  readonly name: string;
  readonly login: string;
  readonly renewsBy: "login" | "refresh";
  readonly revokes: boolean;
  readonly challenge: Variant<unknown>["challenge"];
  readonly account: string | undefined;
  /** Passwords and client secrets, the wrong ones too. */
  readonly secrets: readonly string[];
  /** A new server, and a session at it. */
  start(setup?: Setup): Running;
  /** The same over real HTTP. */
  listen(): Promise<Listening>;
}

/** A session at a server that listens. */
export interface Listening extends Pick<Running, "auth" | "control"> {
  readonly url: string;
  close(): Promise<void>;
}

export interface Setup extends Pick<AuthOptions<never>, "authorizationHeader"> {
  /** Default "accepted". "none": somebody has to call `login()`. */
  readonly credentials?: "accepted" | "refused" | "none";
  readonly store?: TokenStore;
}

/** A session at its server. */
export interface Running extends Pick<Network, "sent" | "received" | "disturb"> {
  readonly auth: Omit<Auth<never>, "login">;
  readonly clock: ManualClock;
  readonly control: VendorControl;
  /** Where the server's API is. */
  readonly api: string;
  /** Calls the API. */
  call(): Promise<Response>;
  /** Logs in with the session's own credentials. */
  login(): Promise<void>;
  /** Another session at the same server. */
  another(setup?: Setup): Running;
}

/** What tests of sessions need of a variant. */
type Subject<Credentials> = Omit<Variant<Credentials>, "name" | "wrongOptions" | "tokenOrigins" | "secretsInUrl" | "contractOnly">;

/** A variant, under the name that tests show. */
export function vendorOf<Credentials>(name: string, variant: Subject<Credentials>): Vendor {
  const { emulate, challenge, account, login = "login", secrets, refusesRefresh } = variant;
  const accepted = { provider: variant.provider(), credentials: variant.credentials };
  const refused = {
    provider: (variant.wrongProvider ?? variant.provider)(),
    credentials: variant.wrongCredentials ?? variant.credentials,
  };
  const origin = accepted.provider.origins?.[0] ?? "https://api.example.com";
  return {
    ...{ name, login, account, challenge, secrets },
    renewsBy: accepted.provider.refresh && !refusesRefresh ? "refresh" : "login",
    revokes: accepted.provider.revoke !== undefined,
    start(setup) {
      const clock = manualClock();
      const { control, fetch: server } = emulate({ clock });
      const api = `${origin}/protected`;
      const network = createNetwork(api, server);

      const open = ({ credentials: which = "accepted", ...options }: Setup = {}): Running => {
        const { provider, credentials } = which === "refused" ? refused : accepted;
        const auth = createAuth(provider, {
          ...(which !== "none" && credentials !== undefined && { credentials }),
          ...{ origins: [origin], clock, fetch: network.fetch, ...options },
        });
        return { ...network, auth, clock, control, api, call: () => auth.fetch(api), login: () => auth.login(), another: open };
      };
      return open(setup);
    },
    async listen() {
      const { control, listen } = emulate({});
      const { url, close } = await listen();
      const { provider, credentials } = accepted;
      const toServer: Fetch = (input, init) => {
        const { pathname, search } = new URL(String(input)); // what a provider asks for, and the tests here, is no Request
        return fetch(url + pathname + search, init);
      };
      const auth = createAuth(provider, { ...(credentials !== undefined && { credentials }), origins: [url], fetch: toServer });
      return { auth, control, url, close };
    },
  };
}
