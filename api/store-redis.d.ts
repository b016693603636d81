import { TokenStore } from '@keyturn/core/store';

/** What is used of a client of ioredis. */
export declare interface IoRedisClient {
    evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
    eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
    /** For a connection of its own that listens. Absent: the record is looked at now and then. */
    duplicate?(): IoRedisSubscriber;
    on?(event: "ready" | "end", listener: () => void): unknown;
}

export declare interface IoRedisSubscriber {
    readonly status: string;
    connect(): Promise<unknown>;
    disconnect(): void;
    subscribe(channel: string): Promise<unknown>;
    unsubscribe(channel: string): Promise<unknown>;
    on(event: "ready" | "error" | "end", listener: () => void): unknown;
    on(event: "message", listener: (channel: string) => void): unknown;
}

/** What is used of a client of node-redis (`redis`, `@redis/client`). */
export declare interface NodeRedisClient {
    evalSha(sha: string, options: {
        keys: string[];
        arguments: string[];
    }): Promise<unknown>;
    eval(script: string, options: {
        keys: string[];
        arguments: string[];
    }): Promise<unknown>;
    /** For a connection of its own that listens. Absent: the record is looked at now and then. */
    duplicate?(): NodeRedisSubscriber;
    on?(event: "ready" | "end", listener: () => void): unknown;
}

/** What is used of a cluster client of node-redis (`createCluster`). It listens by itself, on a connection to one of its nodes. */
export declare interface NodeRedisCluster extends Pick<NodeRedisClient, "evalSha" | "eval"> {
    /** What no other client has. */
    nodeClient: unknown;
    subscribe(channel: string, listener: (message: unknown, channel: unknown) => void): Promise<unknown>;
    unsubscribe(channel: string, listener: (message: unknown, channel: unknown) => void): Promise<unknown>;
    on(event: "connect" | "node-ready", listener: () => void): unknown;
    off(event: "connect" | "node-ready", listener: () => void): unknown;
}

export declare interface NodeRedisSubscriber {
    readonly isOpen: boolean;
    connect(): Promise<unknown>;
    destroy(): void;
    subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
    unsubscribe(channel: string): Promise<unknown>;
    on(event: "ready" | "error" | "end", listener: () => void): unknown;
}

/** A client as an application has it: of node-redis or of ioredis, for one server or for a cluster. */
export declare type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient;

/**
 * A session in Redis or Valkey, shared by every holder that names the same key. `client` is a connected one of node-redis
 * or of ioredis; it stays the application's, which closes it.
 */
export declare function redisStore(client: RedisClient, key: string, options?: RedisStoreOptions): TokenStore;

/** Options of `redisStore`. All durations are in ms. */
export declare interface RedisStoreOptions {
    /** What every name in Redis begins with. Default "keyturn:". */
    readonly prefix?: string;
    /** How long a session is kept after its last save: as long as its refresh token lives. Default: for good. */
    readonly keepFor?: number;
    /**
     * Encrypts what is stored: 32 bytes, as they are or as base64. Absent: plain JSON. Given as undefined, it is a TypeError: a variable
     * that is not set must not end the encryption.
     */
    readonly encryptionKey?: string | Uint8Array | undefined;
    /** Looks at the record this often instead of listening on a connection of its own. Default: it listens; 1000 for a client that cannot. */
    readonly pollInterval?: number;
    /** Replaces the machine's wall clock, for tests. */
    readonly clock?: {
        now(): number;
    };
}

export { }
