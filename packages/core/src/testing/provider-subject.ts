import type { AuthProvider, Fetch } from "../provider/provider.ts";

/** A provider and a server that it can log in at: an emulator, or a stand-in that answers as the documentation says. */
export interface ProviderSubject<Credentials> {
  /** Makes the provider. Called several times: what one logs in, another refreshes, as after a restart. */
  readonly provider: () => AuthProvider<Credentials>;
  /** Accepted by the server. Where the provider has `refresh` or `revoke`, they must yield a refresh token. */
  readonly credentials: Credentials;
  /** Refused by the server, for good. Sent twice: mind lockouts. */
  readonly wrongCredentials?: Credentials;
  /** Reaches the server. */
  readonly fetch: Fetch;
  /** The server's clock. */
  readonly now: () => number;
  /** What must never show: passwords, client secrets. Issued tokens are added by themselves. */
  readonly secrets: readonly string[];
  /** Whether the server, as it is set, refreshes for nobody: then that is all that is tried of `refresh`. */
  readonly refusesRefresh?: boolean;
  /** Origins that may get tokens beside those of the login and of the API. */
  readonly tokenOrigins?: readonly string[];
  /** Grants whose URL the vendor wants a secret in, and why nothing else will do. */
  readonly secretsInUrl?: { readonly grants: readonly GrantName[]; readonly reason: string };
  /** What its requests take along of cookies and the like, where a server knows its user by them. Default "omit". */
  readonly ambientCredentials?: "omit" | "same-origin" | "include";
  /** Calls of the factory with one wrong option each. */
  readonly wrongOptions?: readonly { readonly option: string; readonly create: () => unknown }[];
}

/** What a provider sends, by the name that stands in its messages. */
export type GrantName = "login" | "refresh" | "revoke";
