import { Auth0Options } from '@keyturn/auth0';
import { AuthProvider } from '@keyturn/core/provider';

/** XSignals by its own login: Basic credentials once, tokens from then on. */
export declare function xsignals(options?: XSignalsOptions): AuthProvider<XSignalsCredentials>;

/** An XSignals account. */
export declare interface XSignalsCredentials {
    readonly username: string;
    readonly password: string;
}

/** Where XSignals is, if not where its documentation says. */
export declare interface XSignalsOptions {
    /** Of the API, its login included. Default "https://api.xsignals.xpansiv.com". */
    readonly baseUrl?: string | undefined;
}

/** XSignals by single sign-on: the tenant, realm and audience its documentation names ("SSO (Auth0) tokens"). Not for browsers. */
export declare function xsignalsSso(options: XSignalsSsoOptions): AuthProvider<XSignalsCredentials>;

/** The application registered with Xpansiv, and what its tokens are for. */
export declare interface XSignalsSsoOptions extends Pick<Auth0Options, "scope" | "endpoint"> {
    readonly clientId: string;
    readonly clientSecret: string;
    /** Of the API. Default "https://api.xsignals.xpansiv.com". */
    readonly baseUrl?: string | undefined;
}

export { }
