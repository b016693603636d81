import type { JSONWebKeySet } from "jose";
import type { Fetch, KitOptions } from "../kit/index.ts";
import { defaultOAuth2Client, defaultOAuth2PublicClient, type OAuth2Client } from "./clients.ts";
import { noOddities, type OAuth2Oddities } from "./oddities.ts";

/** A person with an account. */
export interface OAuth2User {
  /** The `sub` of tokens. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** More claims of the ID token and of userinfo, such as `email`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Somebody whose assertions are taken for the JWT bearer grant (RFC 7523). */
export interface OAuth2AssertionIssuer {
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
}

/** What the server does by the book. Durations are in ms. */
export interface OAuth2Rules {
  /** Default: `defaultOAuth2Client` and `defaultOAuth2PublicClient`. */
  readonly clients: readonly OAuth2Client[];
  /** Default: `defaultOAuth2User`. */
  readonly users: readonly OAuth2User[];
  /** Besides the clients themselves, by their `jwks`. Default: none. */
  readonly assertionIssuers: readonly OAuth2AssertionIssuer[];
  /** Default: the origin that was asked. */
  readonly issuer: string | undefined;
  /** What may be asked for. Default: openid profile email offline_access read write. */
  readonly scopes: readonly string[];
  /** The audience of access tokens whose request names none. Default: "https://api.example.com". */
  readonly audience: string;
  /** "opaque" ones say nothing; "jwt" follows RFC 9068. Default: "jwt". */
  readonly accessToken: "jwt" | "jwt-without-exp" | "opaque";
  /** Signs ID tokens and access tokens. Default: "RS256". */
  readonly alg: "RS256" | "PS256" | "ES256" | "Ed25519";
  /** Default: an hour. */
  readonly accessTokenLifetime: number;
  /** Default: an hour. */
  readonly idTokenLifetime: number;
  /** Default: 30 days. */
  readonly refreshTokenLifetime: number;
  /** Of an authorization code, and of a pushed request. Default: a minute. */
  readonly codeLifetime: number;
  /** Who gets a refresh token where a person logs in: everybody, or who asks for the scope. Default: "always". */
  readonly offlineAccess: "always" | "on-request" | "never";
  /** "on": a refresh token works once. "same": the answer repeats it. "off": the answer has none. Default: "on". */
  readonly rotation: "on" | "off" | "same";
  /** How long a spent refresh token works again, in ms. Default: 0. */
  readonly grace: number;
  /** What a spent refresh token does after that: ends all tokens of its login (RFC 9700, section 4.14.2), or is refused. */
  readonly reuse: "ends-session" | "refused";
  /** Whether the authorization page waits for a person, or allows at once in the name of the first user or of `login_hint`. */
  readonly approval: "automatic" | "person";
  /** Default: "required" (RFC 9700, section 2.1.1). Only S256 is known. */
  readonly pkce: "required" | "optional";
  /** Pushed authorization requests (RFC 9126). Default: "optional". */
  readonly par: "optional" | "required" | "off";
  /** Sender-constrained tokens (RFC 9449). Default: "optional". */
  readonly dpop: "optional" | "required" | "off";
  /** Who wants a nonce in DPoP proofs. Default: "both". */
  readonly dpopNonces: "both" | "token-endpoint" | "api" | "off";
  /** Default: five minutes. */
  readonly dpopNonceLifetime: number;
  /** How many looks of a device are answered `authorization_pending` before it is let in by itself. Default: 1. */
  readonly devicePending: number;
  /** Default: 10 minutes. */
  readonly deviceCodeLifetime: number;
  /** Seconds between two looks; undefined is not announced, and means 5 (RFC 8628, section 3.5). Default: 5. */
  readonly deviceInterval: number | undefined;
  /** Pages that may call the token endpoint, userinfo and the API. Default: none; metadata and keys are open to all. */
  readonly origins: readonly string[];
  /** Whether those pages may read the Date header. Default: true. */
  readonly exposeDate: boolean;
}

/** Options of the OAuth 2 emulator. */
export interface OAuth2Options extends KitOptions, Partial<OAuth2Rules>, Partial<OAuth2Oddities> {
  /** Posts logout tokens. Default: the global fetch. */
  readonly fetch?: Fetch;
}

/** Every knob, as it stands now. */
export type OAuth2Facts = OAuth2Rules & OAuth2Oddities;

/** The person there is unless `users` says otherwise. */
export const defaultOAuth2User: OAuth2User = {
  id: "user-1",
  username: "ann@example.com",
  password: "Correct-Horse-9!",
  claims: { name: "Ann Example", email: "ann@example.com", email_verified: true },
};

const minute = 60_000;

const rules: OAuth2Rules = {
  clients: [defaultOAuth2Client, defaultOAuth2PublicClient],
  users: [defaultOAuth2User],
  assertionIssuers: [],
  issuer: undefined,
  scopes: ["openid", "profile", "email", "offline_access", "read", "write"],
  audience: "https://api.example.com",
  accessToken: "jwt",
  alg: "RS256",
  accessTokenLifetime: 60 * minute,
  idTokenLifetime: 60 * minute,
  refreshTokenLifetime: 30 * 24 * 60 * minute,
  codeLifetime: minute,
  offlineAccess: "always",
  rotation: "on",
  grace: 0,
  reuse: "ends-session",
  approval: "automatic",
  pkce: "required",
  par: "optional",
  dpop: "optional",
  dpopNonces: "both",
  dpopNonceLifetime: 5 * minute,
  devicePending: 1,
  deviceCodeLifetime: 10 * minute,
  deviceInterval: 5,
  origins: [],
  exposeDate: true,
};

const defaults: OAuth2Facts = { ...rules, ...noOddities };

/** Every knob, the defaults filled in; `clock`, `seed` and `fetch` are none. */
export function oauth2Facts(options: OAuth2Options): OAuth2Facts {
  const { clock: _clock, seed: _seed, fetch: _fetch, ...knobs } = options;
  return { ...defaults, ...checkedKnobs(knobs) };
}

/** Throws a TypeError for what is no knob: a misspelt one would change nothing, in silence. */
export function checkedKnobs(knobs: Partial<OAuth2Facts>): Partial<OAuth2Facts> {
  for (const name of Object.keys(knobs)) {
    if (!Object.hasOwn(defaults, name)) throw new TypeError(`createOAuth2Emulator(): there is no option "${name}"`);
  }
  return knobs;
}
