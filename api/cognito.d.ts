import { AuthProvider } from '@keyturn/core/provider';
import { Fetch } from '@keyturn/core/provider';
import { RequestContext } from '@keyturn/core/provider';
import { SecretSource } from '@keyturn/core/provider';
import { TokenAnswer } from '@keyturn/core/provider';
import { TokenSet } from '@keyturn/core/provider';

/** How a call is sent, and what ends it. */
export declare interface AccountCall {
    /** Default: the platform's. Cognito's own origin gets no token in a header, so that it need not be `auth.fetch`. */
    readonly fetch?: Fetch;
    readonly signal?: AbortSignal;
}

/** The provider, which knows the pool and the app client. */
export declare interface AccountProvider {
    readonly pool: CognitoPool;
}

/** Whose account it is: the session of a user who is logged in. */
export declare interface AccountSession {
    getToken(options?: {
        readonly signal?: AbortSignal;
        readonly renew?: boolean;
    }): Promise<TokenSet>;
}

/** How the token in use is attached, where that is not `Authorization: Bearer` and the access token. */
export declare function attachToken(use: CognitoTokenUse, scheme: "Bearer" | "bare"): Pick<AuthProvider, "authorize">;

/** What all challenges have in common. */
export declare interface ChallengeOf<Name extends string> {
    /** As Cognito calls it. */
    readonly name: Name;
    /** As Cognito sends them: lists and objects among them are JSON text. */
    readonly parameters: Readonly<Record<string, string>>;
    /** What SELECT_CHALLENGE, SELECT_MFA_TYPE and MFA_SETUP let one choose from; else empty. */
    readonly choices: readonly string[];
    /** 1, and one more each time the answer was refused: a wrong code, a password too weak. */
    readonly attempt: number;
}

/** Replaces the password. Tokens stay good; a session that holds credentials has to be given the new ones, by `auth.login()`. */
export declare function changePassword(provider: AccountProvider, auth: AccountSession, passwords: {
    readonly previous: string | undefined;
    readonly proposed: string | undefined;
}, options?: AccountCall): Promise<void>;

/** A code was sent. Answer `{ SMS_MFA_CODE }`, `{ EMAIL_OTP_CODE }` and so on. */
export declare interface CodeChallenge extends ChallengeOf<"SMS_MFA" | "SMS_OTP" | "EMAIL_OTP" | "EMAIL_MFA"> {
    /** Where to, masked. */
    readonly destination: string | undefined;
}

/** Where a code was sent. */
export declare interface CodeDelivery {
    /** Masked, e.g. "a***@e***". */
    readonly destination: string | undefined;
    /** "EMAIL" or "SMS". */
    readonly medium: string | undefined;
}

/** Users of an Amazon Cognito user pool. Say `createAuth(…, { origins })`: a pool does not know its APIs. */
export declare function cognito(options: CognitoOptions & {
    readonly flow: "USER_AUTH" | "CUSTOM_AUTH";
}): CognitoProvider<CognitoUserName>;

export declare function cognito(options: CognitoOptions): CognitoProvider;

/** A further step the user pool asks for before it issues tokens. */
export declare type CognitoChallenge = NewPasswordChallenge | CodeChallenge | SoftwareTokenChallenge | SelectChallenge | MfaSetupChallenge | PasskeyChallenge | CustomChallenge | OtherChallenge;

/** The ChallengeResponses of the API, e.g. `{ NEW_PASSWORD: "…" }` or `{ SMS_MFA_CODE: "123456" }`. */
export declare type CognitoChallengeResponses = Readonly<Record<string, string>>;

/** The app client, how its users log in, and what its API wants. */
export declare interface CognitoClient {
    readonly clientId: string | undefined;
    /** Of a confidential app client, or a function that is called for each request, for a secret that is rotated. Not for browsers. */
    readonly clientSecret?: SecretSource | undefined;
    /** How a login begins; the app client must allow it. Default "USER_PASSWORD_AUTH". */
    readonly flow?: CognitoFlow | undefined;
    /** What USER_AUTH begins with. Absent: `onChallenge` is asked to choose; without it the password is used, by SRP if possible. */
    readonly firstFactor?: CognitoFirstFactor | undefined;
    /** E.g. "eu-west-1_Example01". SRP needs it: the name of the pool is part of the proof. */
    readonly userPoolId?: string | undefined;
    /** Answers what is asked beside the password. Absent: a challenge ends the login with a ChallengeRequiredError. */
    readonly onChallenge?: OnCognitoChallenge | undefined;
    /** Keeps the device of each user, where the pool remembers devices. Absent: every login comes from a new one. */
    readonly devices?: CognitoDevices | undefined;
    /** Which token the API takes. Default "access". */
    readonly use?: CognitoTokenUse | undefined;
    /** Whether the Authorization header names the scheme. Default "Bearer". */
    readonly scheme?: "Bearer" | "bare" | undefined;
    /** Whether refresh tokens are rotated. Absent: found out at each refresh, which costs one request more where they are. */
    readonly rotation?: boolean | undefined;
    /** Stands in errors, events and the identity of stored sessions. Default "cognito". */
    readonly name?: string | undefined;
}

/** A user of the pool. */
export declare interface CognitoCredentials {
    readonly username: string;
    readonly password: string;
}

/** A remembered device. Keep it like a password: in some pools it stands in for a second factor. */
export declare interface CognitoDevice {
    readonly key: string;
    readonly groupKey: string;
    readonly password: string;
}

/** Where devices are kept, by user name. A Map will do, until the process ends. */
export declare interface CognitoDevices {
    get(username: string): CognitoDevice | undefined | Promise<CognitoDevice | undefined>;
    set(username: string, device: CognitoDevice): unknown;
    delete(username: string): unknown;
}

/** Cognito answered an account operation with an error. The message holds nothing that it was sent. */
export declare class CognitoError extends Error {
    readonly name = "CognitoError";
    /** Cognito's own name of the error, e.g. "CodeMismatchException". */
    readonly code: string;
    readonly status: number;
    constructor(operation: string, answer: TokenAnswer);
}

/** What USER_AUTH may begin with. */
export declare type CognitoFirstFactor = "PASSWORD" | "PASSWORD_SRP" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";

/** How a login begins. SRP proves the password without sending it. */
export declare type CognitoFlow = "USER_PASSWORD_AUTH" | "USER_SRP_AUTH" | "USER_AUTH" | "CUSTOM_AUTH";

/** The region of the user pool, or where else Cognito answers: a proxy, an emulator, a region in China. */
export declare type CognitoOptions = CognitoClient & ({
    readonly region: string | undefined;
    readonly endpoint?: string | undefined;
} | {
    readonly endpoint: string | undefined;
    readonly region?: undefined;
});

/** The user pool as one app client reaches it. Keeps the client secret to itself. */
export declare interface CognitoPool {
    readonly clientId: string;
    /** Calls one operation of the API, such as "InitiateAuth"; `grant` stands in messages. Any answer is an answer: errors are in it. */
    call(grant: string, operation: string, request: object, context: RequestContext): Promise<TokenAnswer>;
    /** Proof of the client secret for one user; undefined where there is no secret. */
    secretHash(username: string): Promise<string | undefined>;
}

/** A provider that refreshes and revokes; `pool` is for the account operations of this package. */
export declare type CognitoProvider<Credentials = CognitoCredentials> = AuthProvider<Credentials> & Required<Pick<AuthProvider, "refresh" | "revoke">> & {
    readonly pool: CognitoPool;
};

/** Reads Cognito's AuthenticationResult, wherever in an answer it stands. The set expires with the token in use. */
export declare function cognitoTokens(answer: TokenAnswer, result: unknown, use: CognitoTokenUse): TokenSet;

/** Which of the two tokens of a user pool an API takes. */
export declare type CognitoTokenUse = "access" | "id";

/** A user of the pool, who may have no password: for the flows USER_AUTH and CUSTOM_AUTH. */
export declare interface CognitoUserName {
    readonly username: string;
    readonly password?: string | undefined;
}

/** Sets the new password with that code. */
export declare function confirmForgotPassword(provider: AccountProvider, reset: {
    readonly username: string | undefined;
    readonly code: string | undefined;
    readonly password: string | undefined;
}, options?: AccountCall): Promise<void>;

/** What the pool's own triggers ask. Answer `{ ANSWER }`. */
export declare interface CustomChallenge extends ChallengeOf<"CUSTOM_CHALLENGE"> {
}

/** Has a code sent to somebody who forgot the password. */
export declare function forgotPassword(provider: AccountProvider, user: {
    readonly username: string | undefined;
}, options?: AccountCall): Promise<CodeDelivery>;

/** Ends all sessions of the user, this one too: call `auth.logout()` next. */
export declare function globalSignOut(provider: AccountProvider, auth: AccountSession, options?: AccountCall): Promise<void>;

/** A second factor has to be set up. Answer `{ UserCode }` with what an authenticator app shows for `secretCode`, or `{ EMAIL }`. */
export declare interface MfaSetupChallenge extends ChallengeOf<"MFA_SETUP"> {
    /** For the authenticator app, in base32; undefined where the pool offers none. */
    readonly secretCode: string | undefined;
}

/** The account has a temporary password. Answer `{ NEW_PASSWORD, "userAttributes.<name>": … }`. */
export declare interface NewPasswordChallenge extends ChallengeOf<"NEW_PASSWORD_REQUIRED"> {
    /** Attributes the pool wants and the answer must have where `userAttributes` has none. */
    readonly requiredAttributes: readonly string[];
    readonly userAttributes: Readonly<Record<string, unknown>>;
}

/** Answers a challenge; USERNAME and SECRET_HASH are added. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export declare type OnCognitoChallenge = (challenge: CognitoChallenge) => CognitoChallengeResponses | undefined | Promise<CognitoChallengeResponses | undefined>;

/** One that this version does not know, under the name it came with. */
export declare interface OtherChallenge extends ChallengeOf<"OTHER"> {
    readonly challengeName: string;
}

/** A passkey. Answer `{ CREDENTIAL }`, the assertion as JSON text. */
export declare interface PasskeyChallenge extends ChallengeOf<"WEB_AUTHN"> {
    /** For `navigator.credentials.get()`, by way of `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
    readonly requestOptions: unknown;
}

/** Remembers a confirmed device, or no more, where the pool leaves that to the user. */
export declare function rememberDevice(provider: AccountProvider, auth: AccountSession, device: {
    readonly key: string;
    readonly remembered?: boolean;
}, options?: AccountCall): Promise<void>;

/** One of several ways has to be chosen. Answer `{ ANSWER }`; a password that is needed for it is added. */
export declare interface SelectChallenge extends ChallengeOf<"SELECT_CHALLENGE" | "SELECT_MFA_TYPE"> {
}

/** An authenticator app shows the code. Answer `{ SOFTWARE_TOKEN_MFA_CODE }`. */
export declare interface SoftwareTokenChallenge extends ChallengeOf<"SOFTWARE_TOKEN_MFA"> {
    readonly friendlyDeviceName: string | undefined;
}

export { }
