import { type Auth0Options, auth0 } from "@keyturn/auth0";
import { type CognitoClient, cognito } from "@keyturn/cognito";
import { type Auth, type AuthOptions, type AuthProvider, createAuth, type Fetch, type TokenStore } from "@keyturn/core";
import { type ManualClock, manualClock } from "@keyturn/core/testing";
import {
  type Control,
  createAuth0Emulator,
  createCognitoEmulator,
  createFinapiEmulator,
  createOloidEmulator,
  createPlatformIoEmulator,
  createXfaEmulator,
  createXSignalsEmulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultCognitoClient,
  defaultCognitoUser,
  defaultFinapiClient,
  defaultFinapiUser,
  defaultOloidTenant,
  defaultOloidUser,
  defaultPlatformIoUser,
  defaultXfaUser,
  defaultXSignalsUser,
  type Emulator,
  type KitOptions,
  type SessionControl,
} from "@keyturn/emulators";
import { finapiClient, finapiUser } from "@keyturn/finapi";
import { clientCredentials, extensionGrant, type PasswordCredentials, password } from "@keyturn/oauth2";
import { type OloidOptions, oloid } from "@keyturn/oloid";
import { platformIo } from "@keyturn/platform-io";
import { xfa } from "@keyturn/xfa";
import { xsignals, xsignalsSso } from "@keyturn/xsignals";

/** A provider with the emulator of its server, in the form that all share. */
export interface Vendor {
  readonly name: string;
  /** What the emulator calls its login. */
  readonly login: string;
  readonly renewsBy: "login" | "refresh";
  readonly revokes: boolean;
  /** Whom the emulator counts failed logins of; absent where a client logs in. */
  readonly account: string | undefined;
  /** Passwords and client secrets, the wrong ones too. */
  readonly secrets: readonly string[];
  /** A new server, and a session at it. */
  start(setup?: Setup): Running;
}

export interface Setup extends Pick<AuthOptions<never>, "existing"> {
  /** Default "accepted". "none": somebody has to call `login()`. */
  readonly credentials?: "accepted" | "refused" | "none";
  readonly store?: TokenStore;
}

/** What every emulator's control can do. */
export type VendorControl = Control<string> & Omit<SessionControl, "revokeRefresh"> & Partial<SessionControl>;

/** A session at its server. */
export interface Running {
  readonly auth: Omit<Auth<never>, "login">;
  readonly clock: ManualClock;
  readonly control: VendorControl;
  /** Every request, as the network saw it. */
  readonly sent: readonly Request[];
  /** Every answer that did not come from the API. */
  readonly received: readonly Response[];
  /** Where the server's API is. */
  readonly api: string;
  /** Calls the API. */
  call(): Promise<Response>;
  /** Everything but the API is answered like this from now on; by the server again if nothing is given. */
  disturb(answer?: Answer): void;
  /** Another session at the same server. */
  another(setup?: Setup): Running;
}

/** A provider, and what it logs in with. */
interface Access<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  readonly credentials?: Credentials;
}

interface Definition<Credentials> extends Pick<Vendor, "name" | "secrets"> {
  readonly emulate: (kit: KitOptions) => Pick<Emulator<VendorControl>, "fetch" | "control">;
  readonly accepted: Access<Credentials>;
  readonly refused: Access<Credentials>;
  readonly account?: string;
  readonly login?: string;
}

const wrongSecret = "Wrong-Client-Secret-1";
const wrongPassword = "Wrong-Horse-9!";

type CognitoKnobs = Parameters<typeof createCognitoEmulator>[0];
type OloidKnobs = Parameters<typeof createOloidEmulator>[0];
type XSignalsKnobs = Parameters<typeof createXSignalsEmulator>[0];
type Auth0Knobs = Parameters<typeof createAuth0Emulator>[0];
type PlatformIoKnobs = Parameters<typeof createPlatformIoEmulator>[0];
type FinapiKnobs = Parameters<typeof createFinapiEmulator>[0];

/** A user of the provider, once with the right password and once with a wrong one. */
function user<Credentials extends { readonly username: string; readonly password: string }>(
  provider: AuthProvider<Credentials>,
  credentials: Credentials,
): Pick<Definition<Credentials>, "accepted" | "refused" | "secrets"> {
  return {
    accepted: { provider, credentials },
    refused: { provider, credentials: { ...credentials, password: wrongPassword } },
    secrets: [credentials.password, wrongPassword],
  };
}

function vendor<Credentials>({ name, emulate, accepted, refused, account, login = "login", secrets }: Definition<Credentials>): Vendor {
  return {
    ...{ name, login, account, secrets },
    renewsBy: accepted.provider.refresh ? "refresh" : "login",
    revokes: accepted.provider.revoke !== undefined,
    start(setup) {
      const clock = manualClock();
      const { control, fetch: server } = emulate({ clock });
      const origin = accepted.provider.origins?.[0] ?? "https://api.example.com";
      const api = `${origin}/protected`;
      const network = createNetwork(api, server);

      const open = ({ credentials: which = "accepted", ...options }: Setup = {}): Running => {
        const { provider, credentials } = which === "refused" ? refused : accepted;
        const auth = createAuth(provider, {
          ...(which !== "none" && credentials !== undefined && { credentials }),
          ...{ origins: [origin], clock, fetch: network.fetch, ...options },
        });
        return { ...network, auth, clock, control, api, call: () => auth.fetch(api), another: open };
      };
      return open(setup);
    },
  };
}

type Answer = (request: Request) => Response | Promise<Response>;

/** The way to a server, with redirects followed as fetch follows them. */
function createNetwork(api: string, server: Fetch): Pick<Running, "sent" | "received" | "disturb"> & { readonly fetch: Fetch } {
  const sent: Request[] = [];
  const received: Response[] = [];
  let answer: Answer | undefined;

  const reach = async (request: Request): Promise<Response> => {
    sent.push(request.clone());
    if (request.url === api) return server(request);
    const response = answer ? await answer(request) : await server(request);
    received.push(response.clone());
    return response;
  };

  return {
    sent,
    received,
    disturb: (next) => {
      answer = next;
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const response = await reach(request);
      const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : undefined;
      if (!location || request.redirect === "manual") return response;
      if (request.redirect === "error") throw new TypeError("fetch failed");
      const next = new Request(location, request);
      sent.push(next.clone());
      return server(next);
    },
  };
}

/** Knobs of an emulator, and options of the provider that go with them. */
interface Variant<Knobs, Options = object> {
  readonly name?: string;
  readonly knobs?: Knobs;
  readonly options?: Partial<Options>;
}

export function cognitoVendor({ name = "cognito", knobs, options }: Variant<CognitoKnobs, CognitoClient> = {}): Vendor {
  const { username, email, password } = defaultCognitoUser;
  const parts = user(cognito({ region: "eu-west-1", clientId: defaultCognitoClient.clientId, ...options }), { username: email, password });
  return vendor({ ...parts, name, account: username, emulate: (kit) => createCognitoEmulator({ ...kit, ...knobs }) });
}

function xfaVendor(): Vendor {
  const { username, email, password } = defaultXfaUser;
  const parts = user(xfa({ baseUrl: "https://api.xfa.example.com" }), { username: email, password });
  return vendor({ ...parts, name: "xfa", account: username, emulate: createXfaEmulator });
}

export function oloidVendor({ name = "oloid", knobs, options }: Variant<OloidKnobs, OloidOptions> = {}): Vendor {
  const { username, password } = defaultOloidUser;
  const provider = oloid({ baseUrl: "https://api.oloid.example.com", ...options });
  const parts = user(provider, { username, password, tenantName: defaultOloidTenant });
  return vendor({ ...parts, name, account: username, emulate: (kit) => createOloidEmulator({ ...kit, ...knobs }) });
}

export function xsignalsVendor({ name = "xsignals", knobs }: Variant<XSignalsKnobs> = {}): Vendor {
  const { username, password } = knobs?.users?.[0] ?? defaultXSignalsUser;
  return vendor({
    ...user(xsignals(), { username, password }),
    ...{ name, account: username, emulate: (kit) => createXSignalsEmulator({ ...kit, ...knobs }) },
  });
}

const { clientId, clientSecret } = defaultAuth0Client;
const audience = "https://xpansiv/platform";
const scope = "offline_access";
const realm = "Username-Password-Authentication";
const tenant = "https://example.eu.auth0.com";
const tenantEndpoints = { tokenEndpoint: `${tenant}/oauth/token`, revocationEndpoint: `${tenant}/oauth/revoke` };
const viaPost = { clientAuthentication: "client_secret_post" } as const;

/** Auth0's emulator behind any provider that speaks its grants. */
function tenantVendor(name: string, provider: AuthProvider<PasswordCredentials>, knobs?: Auth0Knobs): Vendor {
  const { username, password } = defaultAuth0User;
  const { secrets, ...parts } = user(provider, { username, password });
  return vendor({
    ...parts,
    ...{ name, account: username, secrets: [...secrets, clientSecret], emulate: (kit) => createAuth0Emulator({ ...kit, ...knobs }) },
  });
}

export function xsignalsSsoVendor({ name = "xsignals-sso", knobs }: Variant<Auth0Knobs> = {}): Vendor {
  return tenantVendor(name, xsignalsSso({ clientId, clientSecret }), knobs);
}

export function auth0Vendor({ name = "auth0", knobs, options }: Variant<Auth0Knobs, Auth0Options> = {}): Vendor {
  return tenantVendor(name, auth0({ domain: "example.eu.auth0.com", clientId, clientSecret, audience, scope, realm, ...options }), knobs);
}

function passwordVendor(): Vendor {
  return tenantVendor("oauth2 password", password({ ...tenantEndpoints, ...viaPost, clientId, clientSecret, audience, scope }));
}

function extensionVendor(): Vendor {
  const provider = extensionGrant<PasswordCredentials>({
    ...{ ...tenantEndpoints, ...viaPost, clientId, clientSecret, audience, scope },
    grantType: "http://auth0.com/oauth/grant-type/password-realm",
    credentials: ["username", "password"],
    parameters: ({ username, password }) => ({ username, password, realm }),
  });
  return tenantVendor("oauth2 extension", provider);
}

export function platformIoVendor({ name = "platform-io", knobs }: Variant<PlatformIoKnobs> = {}): Vendor {
  const { username, password } = defaultPlatformIoUser;
  return vendor({
    ...user(platformIo({ platformId: "example", environment: "staging" }), { username, password }),
    ...{ name, account: username, emulate: (kit) => createPlatformIoEmulator({ ...kit, ...knobs }) },
  });
}

const environment = "sandbox";

export function finapiUserVendor({ name = "finapi user", knobs }: Variant<FinapiKnobs> = {}): Vendor {
  const { id, password } = defaultFinapiUser;
  const { secrets, ...parts } = user(finapiUser({ ...defaultFinapiClient, environment }), { username: id, password });
  return vendor({
    ...{ ...parts, name, account: id, secrets: [...secrets, defaultFinapiClient.clientSecret] },
    emulate: (kit) => createFinapiEmulator({ ...kit, ...knobs }),
  });
}

/** finAPI's emulator behind any provider that logs in as a client. */
function clientVendor(name: string, provider: (clientSecret: string) => AuthProvider): Vendor {
  return vendor({
    ...{ name, login: "client-login", secrets: [defaultFinapiClient.clientSecret, wrongSecret] },
    accepted: { provider: provider(defaultFinapiClient.clientSecret) },
    refused: { provider: provider(wrongSecret) },
    emulate: createFinapiEmulator,
  });
}

function finapiClientVendor(): Vendor {
  const { clientId } = defaultFinapiClient;
  return clientVendor("finapi client", (clientSecret) => finapiClient({ clientId, clientSecret, environment }));
}

function clientCredentialsVendor(): Vendor {
  const { clientId } = defaultFinapiClient;
  const tokenEndpoint = "https://sandbox.finapi.io/oauth/token";
  return clientVendor("oauth2 client credentials", (clientSecret) =>
    clientCredentials({ tokenEndpoint, ...viaPost, clientId, clientSecret }),
  );
}

/** Every provider there is, each with its server as it usually behaves. */
export const vendors: readonly Vendor[] = [
  cognitoVendor(),
  xfaVendor(),
  oloidVendor(),
  oloidVendor({ name: "oloid refreshed by its pool", options: { refresh: "cognito" } }),
  xsignalsVendor(),
  xsignalsSsoVendor(),
  auth0Vendor(),
  passwordVendor(),
  extensionVendor(),
  clientCredentialsVendor(),
  platformIoVendor(),
  finapiClientVendor(),
  finapiUserVendor(),
];
