import { AuthProvider } from '@keyturn/core/provider';
import { TokenAnswer } from '@keyturn/core/provider';
import { TokenSet } from '@keyturn/core/provider';

/** How the token in use is attached, where that is not `Authorization: Bearer` and the access token. */
export declare function attachToken(use: CognitoTokenUse, scheme: "Bearer" | "bare"): Pick<AuthProvider, "authorize">;

/** Users of an Amazon Cognito user pool, by the flow USER_PASSWORD_AUTH. Say `createAuth(…, { origins })`: a pool does not know its APIs. */
export declare function cognito(options: CognitoOptions): CognitoProvider;

/** A further step the user pool asks for before it issues tokens. */
export declare interface CognitoChallenge {
    readonly name: CognitoChallengeName;
    /** As Cognito sends them: lists and objects among them are JSON text. */
    readonly parameters: Readonly<Record<string, string>>;
    /** What SELECT_CHALLENGE lets one choose from. */
    readonly available: readonly string[];
    /** 1, and one more each time the answer was refused: a wrong code, a password too weak. */
    readonly attempt: number;
}

/** The names AWS documents. New ones are passed on as they come. */
export declare type CognitoChallengeName = "NEW_PASSWORD_REQUIRED" | "SMS_MFA" | "EMAIL_OTP" | "SMS_OTP" | "SOFTWARE_TOKEN_MFA" | "SELECT_MFA_TYPE" | "MFA_SETUP" | "SELECT_CHALLENGE" | "CUSTOM_CHALLENGE" | (string & {});

/** The ChallengeResponses of the API, e.g. `{ NEW_PASSWORD: "…" }` or `{ SMS_MFA_CODE: "123456" }`. */
export declare type CognitoChallengeResponses = Readonly<Record<string, string>>;

/** The app client, and what its API wants. */
export declare interface CognitoClient {
    readonly clientId: string;
    /** Of a confidential app client. Not for browsers. */
    readonly clientSecret?: string | undefined;
    /** Which token the API takes. Default "access". */
    readonly use?: CognitoTokenUse | undefined;
    /** Whether the Authorization header names the scheme. Default "Bearer". */
    readonly scheme?: "Bearer" | "bare" | undefined;
    /** Whether refresh tokens are rotated. Absent: found out at each refresh, which costs one request more where they are. */
    readonly rotation?: boolean | undefined;
    /** Answers what is asked beside the password. Absent: a challenge ends the login with a ChallengeRequiredError. */
    readonly onChallenge?: OnCognitoChallenge | undefined;
    /** Stands in errors, events and the identity of stored sessions. Default "cognito". */
    readonly name?: string | undefined;
}

/** A user of the pool. */
export declare interface CognitoCredentials {
    readonly username: string;
    readonly password: string;
}

/** The region of the user pool, or where else Cognito answers: a proxy, an emulator, a region in China. */
export declare type CognitoOptions = CognitoClient & ({
    readonly region: string;
    readonly endpoint?: string | undefined;
} | {
    readonly endpoint: string;
    readonly region?: undefined;
});

/** A provider that refreshes and revokes. */
export declare type CognitoProvider = AuthProvider<CognitoCredentials> & Required<Pick<AuthProvider, "refresh" | "revoke">>;

/** Reads Cognito's AuthenticationResult, wherever in an answer it stands. The set expires with the token in use. */
export declare function cognitoTokens(answer: TokenAnswer, result: unknown, use: CognitoTokenUse): TokenSet;

/** Which of the two tokens of a user pool an API takes. */
export declare type CognitoTokenUse = "access" | "id";

/** Answers a challenge; USERNAME and SECRET_HASH are added. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export declare type OnCognitoChallenge = (challenge: CognitoChallenge) => CognitoChallengeResponses | undefined | Promise<CognitoChallengeResponses | undefined>;

export { }
