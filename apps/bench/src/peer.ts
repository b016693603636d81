import type { Fetch } from "@keyturn/core";
import type { Tokens } from "./issuer.ts";

/** What a peer works with: the same for each. */
export interface PeerParts {
  /** Reaches the server, over loopback or in process. */
  readonly fetch: Fetch;
  readonly origin: string;
  /** The session that exists already, as after a login. */
  readonly tokens: Tokens;
}

/** One call, in the words of fetch. */
export interface Call {
  readonly method?: string;
  readonly body?: BodyInit;
  readonly signal?: AbortSignal;
}

/** One session of a peer. */
export interface Client {
  /** Answers the status that the caller gets; rejects where the client does. */
  send(path: string, call?: Call): Promise<number>;
  /** Absent: the peer knows no logout. */
  logout?(): Promise<void>;
  close?(): Promise<void>;
}

/** One way of calling a protected API, as its own documentation shows it. */
export interface Peer {
  readonly name: string;
  /** Whose version is shown. */
  readonly package: string;
  /** What an application imports of it: its size is what that bundles to. Absent: nothing. */
  readonly imports?: string;
  /** What its reader should know before reading its row. */
  readonly note?: string;
  open(parts: PeerParts): Promise<Client>;
  /** The same client without authentication: what the added cost is counted over. Default: bare fetch. */
  bare?(parts: PeerParts): Client["send"];
}

/** One refresh, as every hand-written recipe has it. */
export async function refreshByHand({ fetch, origin }: PeerParts, refreshToken: string): Promise<Tokens> {
  const response = await fetch(`${origin}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: "bench" }),
  });
  if (!response.ok) throw new Error(`refresh failed with status ${response.status}`);
  const { access_token, refresh_token, expires_in } = (await response.json()) as {
    readonly access_token: string;
    readonly refresh_token: string;
    readonly expires_in: number;
  }; // our own server's answer
  return { accessToken: access_token, refreshToken: refresh_token, expiresAt: Date.now() + expires_in * 1000 };
}

/** A body of the API nobody looks at is read, as an application would. */
export async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer();
  return response.status;
}

/** Duplex is what Node's fetch asks for with a stream. */
export function initOf({ method = "GET", body, signal }: Call): RequestInit {
  return { method, ...(body !== undefined && { body, duplex: "half" }), ...(signal && { signal }) } as RequestInit; // the DOM's type has no duplex
}
