// Steady traffic across expiries on a clock that is turned by hand: run as a process of its own for each peer, whose
// Date and timers are replaced before it is loaded. `node steady.ts <peer> <lifetime in s>` prints JSON.
import { install } from "@sinonjs/fake-timers";

/** How the calls of one session went. */
export interface Steady {
  readonly calls: number;
  readonly failures: number;
  readonly unauthorized: number;
  readonly tokenRequests: number;
  /** Calls that took longer than the API does. */
  readonly waited: number;
  /** How many tokens the time would need, each used to its end. */
  readonly lifetimes: number;
}

const [, , name = "", seconds = "10"] = process.argv;
const lifetime = Number(seconds) * 1_000;
const apiDelay = 20;
const tokenDelay = 300;
const calls = 600;
const lifetimes = 6;
const duration = lifetime * lifetimes;

const clock = install({
  now: Date.UTC(2026, 0, 1),
  toFake: ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
});
const { peers } = await import("./peers/index.ts");
const { createIssuer } = await import("./issuer.ts");
const peer = peers.find((candidate) => candidate.name === name);
if (!peer) throw new Error(`no peer is called "${name}"`);

const issuer = createIssuer({ lifetime, apiDelay, tokenDelay });
const opened = peer.open({
  origin: "https://api.example.com",
  tokens: issuer.begin(),
  fetch: (input, init) => issuer.handle(new Request(input, init)),
});
await clock.tickAsync(1_000);
const client = await opened;

let failures = 0;
let waited = 0;
async function call(): Promise<void> {
  const started = Date.now();
  const status = await client.send("/steady").catch(() => 0);
  if (status !== 200) failures++;
  if (Date.now() - started > apiDelay) waited++;
}

const running: Promise<void>[] = [];
for (let number = 0; number < calls; number++) {
  running.push(call());
  await clock.tickAsync(duration / calls);
}
await clock.tickAsync(10_000);
await Promise.all(running);
const { unauthorized, tokenRequests } = issuer.counts;
const steady: Steady = { calls, failures, unauthorized, tokenRequests, waited, lifetimes };
process.stdout.write(JSON.stringify(steady));
process.exit(0);
