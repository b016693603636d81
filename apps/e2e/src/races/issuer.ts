import type { TokenSet } from "@keyturn/core";
import type { Sender } from "./ledger.ts";
import type { Core } from "./load-core.ts";
import type { Time } from "./time.ts";

export interface User {
  readonly username: string;
  readonly password: string;
}

export interface IssuerOptions {
  /** Of access tokens, in ms. */
  readonly lifetime: number;
  /** Whether clients are told of it. */
  readonly announced: boolean;
  /** For how long a refresh token works on after its first use, in ms. */
  readonly grace: number;
  /** By how much the announced lifetime is too long. */
  readonly exaggeration: number;
}

/** Tokens of one login: they end together. */
export interface Family {
  readonly username: string;
  /** The call of `login()` it came from, if it did. */
  readonly login: object | undefined;
  ended: boolean;
  /** Its client asked for its end. */
  revoked: boolean;
  /** A grant was done whose answer nobody got: the client cannot have the newest refresh token. */
  lost: boolean;
}

export interface Issued {
  /** Counts what was issued, in order. */
  readonly serial: number;
  readonly family: Family;
  readonly sender: Sender;
  readonly at: number;
  /** Announced expiry on the clock of who got it. */
  readonly expiresAt: number | undefined;
}

/** Issues tokens, rotates refresh tokens, and ends a family whose old one comes again. */
export interface Issuer {
  /** How many token sets were issued so far. */
  readonly serial: number;
  logIn(sender: Sender, user: User): TokenSet;
  rotate(sender: Sender, refreshToken: string): TokenSet;
  issued(accessToken: string): Issued | undefined;
  /** Whether an API takes it now. */
  isLive(accessToken: string): boolean;
  /** Whether a refresh token would work now. */
  accepts(refreshToken: string): boolean;
  /** From now on no API takes what was issued so far. */
  killAccessTokens(): void;
}

const right: Readonly<Record<string, string>> = { ada: "correct horse", ben: "battery staple" };

export function createIssuer(core: Core, time: Time, options: IssuerOptions): Issuer {
  const access = new Map<string, Issued & { readonly until: number }>();
  const refresh = new Map<string, { readonly family: Family; rotatedAt?: number }>();
  let serial = 0;
  let killed = 0;

  function issue(sender: Sender, family: Family): TokenSet {
    serial++;
    const now = sender.process.clock.now();
    const [accessToken, refreshToken] = [`access-${family.username}-${serial}`, `refresh-${family.username}-${serial}`];
    const expiresAt = options.announced ? now + options.lifetime + options.exaggeration : undefined;
    access.set(accessToken, { ...{ serial, family, sender, expiresAt }, at: time.elapsed, until: time.elapsed + options.lifetime });
    refresh.set(refreshToken, { family });
    return { accessToken, refreshToken, receivedAt: now, ...(expiresAt !== undefined && { expiresAt }) };
  }

  const isOver = (rotatedAt: number | undefined) => rotatedAt !== undefined && time.elapsed - rotatedAt >= options.grace;

  return {
    get serial() {
      return serial;
    },
    logIn(sender, user) {
      const { username, password } = user;
      if (right[username] !== password) throw new core.CredentialsRejectedError("issuer: login failed with status 401");
      return issue(sender, { username, login: sender.loginWith(user), ended: false, revoked: false, lost: false });
    },
    rotate(sender, refreshToken) {
      const found = refresh.get(refreshToken);
      if (found && isOver(found.rotatedAt)) found.family.ended = true;
      if (!found || found.family.ended) throw new core.RefreshRejectedError("issuer: refresh failed with status 400 (invalid_grant)");
      found.rotatedAt ??= time.elapsed;
      return issue(sender, found.family);
    },
    issued: (accessToken) => access.get(accessToken),
    isLive(accessToken) {
      const found = access.get(accessToken);
      return found !== undefined && found.serial > killed && !found.family.ended && found.until > time.elapsed;
    },
    accepts(refreshToken) {
      const found = refresh.get(refreshToken);
      return found !== undefined && !found.family.ended && !isOver(found.rotatedAt);
    },
    killAccessTokens() {
      killed = serial;
    },
  };
}
