import { AuthProvider } from '@keyturn/core/provider';
import { TokenSet } from '@keyturn/core/provider';

/** A login that leaves for the server's own page, in two halves. `browserLogin` and `loopbackLogin` put them together. */
declare interface AuthorizationCodeProvider extends AuthProvider<Authorized> {
    /** Begins the `state` of each of its logins: a callback with another state is not one of its own. */
    readonly statePrefix: string;
    /**
     * Where to send the person. `parameters` are added to the URL: `prompt`, `login_hint`, `acr_values`, `max_age` … Rejects with a
     * TypeError for those of the protocol itself, such as `state`, and with a "misconfigured" error where WebCrypto is missing.
     */
    begin(redirectUri: string, parameters?: GrantParameters): Promise<{
        readonly url: string;
        readonly pending: PendingAuthorization;
    }>;
    /**
     * Trades in the code with which the person came back to `callback`, an absolute URL. What it yields goes to `auth.login(…)`.
     * Rejects with a LoginRequiredError if callback or pending login is another provider's.
     */
    finish(callback: string, pending: PendingAuthorization): Promise<Authorized>;
}

/** A person's token set, and who that is. */
declare interface Authorized {
    /** The ID token's `sub`; without one a name for this login alone. */
    readonly subject: string;
    readonly tokens: TokenSet;
    /** From `browserLogin`: the path that `begin` was given for it. */
    readonly returnTo?: string;
}

/** Members of the form a grant is asked for with: a list is sent as one member for each, an undefined one is left out. */
declare type GrantParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Logs a person in through a browser on this machine: a server on loopback takes the callback and is gone with it.
 * What it yields goes to `auth.login(…)`. Rejects with a LoginRequiredError if the person does not come back in time, with a
 * "misconfigured" error if the port cannot be had, with the signal's reason if it is aborted.
 */
export declare function loopbackLogin(provider: AuthorizationCodeProvider, options: LoopbackLoginOptions): Promise<Authorized>;

/** Options of `loopbackLogin`. */
export declare interface LoopbackLoginOptions {
    /** Gets the person to this address: opens a browser, or prints it. If it gives a promise, that may last as long as the browser does. */
    readonly open: (url: string) => void | Promise<void>;
    /** The port that is registered with the server. Default 0: a free one, which servers must allow on loopback (RFC 8252, section 7.3). */
    readonly port?: number | undefined;
    /** Default "/callback". */
    readonly path?: string | undefined;
    /** How long the person may take, in ms; Infinity is for ever. Default 5 minutes. */
    readonly timeout?: number | undefined;
    /** Added to the address: `prompt`, `login_hint` … */
    readonly parameters?: GrantParameters | undefined;
    /** Ends the waiting. */
    readonly signal?: AbortSignal | undefined;
}

/** What has to be remembered until the person comes back. A secret of this browser or process: JSON-safe, short-lived. */
declare interface PendingAuthorization {
    readonly state: string;
    readonly codeVerifier: string;
    readonly redirectUri: string;
    readonly nonce?: string;
}

export { }
