import { AuthProvider } from '@keyturn/core/provider';

/** The platform.io REST API for service users. It has no refresh and no logout: to renew is to log in again. */
export declare function platformIo(options: PlatformIoOptions): AuthProvider<PlatformIoCredentials>;

/** The service user of an environment. */
export declare interface PlatformIoCredentials {
    readonly username: string;
    readonly password: string;
}

/** One environment of a platform instance, by its id or by its URL. Each has service users of its own. */
export declare type PlatformIoOptions = {
    readonly platformId: string;
    readonly environment: "production" | "staging";
    readonly baseUrl?: undefined;
} | {
    readonly baseUrl: string;
    readonly platformId?: undefined;
    readonly environment?: undefined;
};

export { }
