import { createIssuer, type Issuer, type IssuerOptions } from "./issuer.ts";
import { listen } from "./loopback.ts";
import type { Client, Peer, PeerParts } from "./peer.ts";

/** What a peer did in one scenario. */
export interface Outcome {
  /** As the table shows it. */
  readonly text: string;
  /** Whether it is what a user would want; absent where a peer does not take part. */
  readonly good?: boolean;
  /** For the picture. */
  readonly value?: number;
}

/** One situation that every peer is put into, over a server of its own. */
export interface Scenario {
  readonly name: string;
  /** What a cell of its column says. */
  readonly explained: string;
  run(peer: Peer): Promise<Outcome>;
}

/** A peer with a session that has served one request already, and its server. */
export interface Stage {
  readonly client: Client;
  readonly issuer: Issuer;
  readonly parts: PeerParts;
}

const hour = 3_600_000;

/** Sets a stage on loopback and clears it afterwards. */
export async function onStage<Result>(
  peer: Peer,
  play: (stage: Stage) => Promise<Result>,
  options: Partial<IssuerOptions> = {},
): Promise<Result> {
  const issuer = createIssuer({ lifetime: hour, ...options });
  const { origin, close } = await listen(issuer.handle);
  const parts: PeerParts = { origin, tokens: issuer.begin(), fetch: (input, init) => globalThis.fetch(input, init) };
  const client = await peer.open(parts);
  try {
    await client.send("/first");
    return await play({ client, issuer, parts });
  } finally {
    await client.close?.();
    await close();
  }
}

/** 200, or what became of the call instead. A peer that never answers counts as a failure too. */
export async function resultOf(call: Promise<number>): Promise<number | "error" | "hangs"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<"hangs">((settle) => {
    timer = setTimeout(settle, 5_000, "hangs");
  });
  try {
    return await Promise.race([call.catch(() => "error" as const), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Token requests the server saw while `play` ran. */
export async function counting(issuer: Issuer, play: () => Promise<unknown>): Promise<number> {
  const before = issuer.counts.tokenRequests;
  await play();
  return issuer.counts.tokenRequests - before;
}

export const plural = (count: number, one: string): string => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
