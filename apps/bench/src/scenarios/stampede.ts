import { performance } from "node:perf_hooks";
import { counting, type Outcome, onStage, plural, resultOf, type Scenario, type Stage } from "../scenario.ts";
import { median } from "../statistics.ts";

const tokenDelay = 50;
/** The median of so many: now and then one waits for new connections, a whole second. */
const bareBursts = 5;

interface Round {
  readonly tokenRequests: number;
  readonly failed: number;
  /** Time taken, over the ideal one. */
  readonly ratio: number;
}

/** The server has dropped the token, and everybody calls at once. */
export const stampede = (callers: number, rounds: number): Scenario => ({
  name: "stampede",
  explained: `${callers.toLocaleString("en")} calls at once with a token the server has dropped: token requests, failed calls, or the time over the ideal one (two bursts of bare fetch and one token request of ${tokenDelay} ms; median of ${rounds})`,
  async run(peer): Promise<Outcome> {
    const played: Round[] = [];
    while (played.length < rounds) played.push(await onStage(peer, (stage) => play(stage, callers), { tokenDelay }));
    const tokenRequests = Math.max(...played.map((round) => round.tokenRequests));
    const failed = Math.max(...played.map((round) => round.failed));
    const ratio = median(played.map((round) => round.ratio));
    const end = failed === 0 ? `${ratio.toFixed(1)} ×` : plural(failed, "failure");
    return { text: `${plural(tokenRequests, "request")}, ${end}`, good: tokenRequests === 1 && failed === 0, value: tokenRequests };
  },
});

async function play({ client, issuer, parts }: Stage, callers: number): Promise<Round> {
  const burst = () => Promise.all(Array.from({ length: callers }, () => resultOf(client.send("/burst"))));
  const headers = { authorization: `Bearer ${parts.tokens.accessToken}` };
  const bare = () =>
    Promise.all(Array.from({ length: callers }, async () => (await parts.fetch(`${parts.origin}/burst`, { headers })).arrayBuffer()));
  await burst();
  const alone: number[] = [];
  while (alone.length < bareBursts) alone.push(await timed(bare));
  const ideal = 2 * median(alone) + tokenDelay;
  issuer.expire();
  let failed = 0;
  let took = 0;
  const tokenRequests = await counting(issuer, async () => {
    took = await timed(async () => {
      failed = (await burst()).filter((result) => result !== 200).length;
    });
  });
  return { tokenRequests, failed, ratio: took / ideal };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
