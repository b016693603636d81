// What a peer adds to each call: a process of its own, since it needs the garbage collector at hand and a nursery so large
// that none runs by itself. Prints JSON. Each round measures every peer, right beside the same client without authentication.
import { performance } from "node:perf_hooks";
import type { Fetch } from "@keyturn/core";
import { createIssuer } from "./issuer.ts";
import { type Client, initOf, type Peer, type PeerParts, statusOf } from "./peer.ts";
import { peers } from "./peers/index.ts";
import { openAuth } from "./peers/keyturn.ts";
import { quantile } from "./statistics.ts";

/** What a call costs with authentication, over the same call without. */
export interface Cost {
  readonly name: string;
  /** µs: the difference of the medians, and of the 10th percentiles. */
  readonly time: { readonly median: number; readonly p10: number };
  /** Bytes allocated. */
  readonly heap: number;
}

type Call = () => Promise<unknown>;

interface Pair {
  readonly name: string;
  readonly authenticated: Call;
  readonly bare: Call;
}

const rounds = 60;
/** Until then the code is not compiled. */
const warmUp = 15;
const batch = 400;
const heapCalls = 2_000;
const origin = "https://api.example.com";
const collect = (globalThis as { readonly gc?: () => void }).gc; // with --expose-gc

const fetch: Fetch = async () => new Response(null);
const issuer = createIssuer({ lifetime: 3_600_000 });
/** Supabase's client asks for its user when a session is set; all else is answered at once. */
const opening: Fetch = (input, init) => issuer.handle(new Request(input, init));

async function pairOf(peer: Peer): Promise<Pair> {
  let reach = opening;
  const parts: PeerParts = { origin, tokens: issuer.begin(), fetch: (input, init) => reach(input, init) };
  const client = await peer.open(parts);
  reach = fetch;
  const bare: Client["send"] =
    peer.bare?.({ ...parts, fetch }) ?? (async (path, call = {}) => statusOf(await fetch(origin + path, initOf(call))));
  return { name: peer.name, authenticated: () => client.send("/call"), bare: () => bare("/call") };
}

/** The ways in which keyturn is called, each over what its caller would do without it. */
async function keyturnPairs(): Promise<Pair[]> {
  const auth = await openAuth({ fetch, origin, tokens: issuer.begin() });
  const url = `${origin}/call`;
  const init = { method: "GET", headers: { accept: "application/json" } };
  const post = () => new Request(url, { method: "POST", body: "hello", headers: { "content-type": "text/plain" } });
  return [
    { name: "keyturn, URL", authenticated: () => auth.fetch(url), bare: () => fetch(url) },
    { name: "keyturn, URL and init", authenticated: () => auth.fetch(url, init), bare: () => fetch(url, init) },
    { name: "keyturn, Request with body", authenticated: () => auth.fetch(post()), bare: () => fetch(post()) },
  ];
}

async function timePerCall(call: Call): Promise<number> {
  const started = performance.now();
  for (let number = 0; number < batch; number++) await call();
  return ((performance.now() - started) * 1_000) / batch;
}

async function heapPerCall(call: Call): Promise<number> {
  collect?.();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < heapCalls; number++) await call();
  return (process.memoryUsage().heapUsed - before) / heapCalls;
}

const pairs = [...(await keyturnPairs()), ...(await Promise.all(peers.map(pairOf)))].map((pair) => ({
  ...pair,
  times: { authenticated: [] as number[], bare: [] as number[] },
}));
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`cost per call: round ${round + 1} of ${rounds}\r`);
  for (const { authenticated, bare, times } of pairs) {
    const samples = { bare: await timePerCall(bare), authenticated: await timePerCall(authenticated) };
    if (round < warmUp) continue;
    times.bare.push(samples.bare);
    times.authenticated.push(samples.authenticated);
  }
}
process.stderr.write("\n");
const costs: Cost[] = [];
for (const { name, authenticated, bare, times } of pairs) {
  const added = (share: number): number => quantile(times.authenticated, share) - quantile(times.bare, share);
  const heap = (await heapPerCall(authenticated)) - (await heapPerCall(bare));
  costs.push({ name, time: { median: added(0.5), p10: added(0.1) }, heap });
}
process.stdout.write(JSON.stringify(costs));
process.exit(0); // some peers hold a timer that nobody can clear
