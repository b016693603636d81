import { UsageError } from "../arguments.ts";
import type { Surroundings } from "../main.ts";
import { xsignalsEmulation } from "../systems/xsignals.ts";

/** Of access tokens, in ms: long enough to look at, so that what is seen is what was asked for. */
const lifetime = 600_000;

/** `npm run demo -- tabs`: serves a page on which four tabs share a session, until it is told to stop. */
export async function tabsScene(args: readonly string[], { output, untilStopped }: Surroundings): Promise<number> {
  if (args.length > 0) throw new UsageError(`tabs takes nothing more, not ${args.join(" ")}`);
  // Only here: the build tool takes its time to load.
  const { servePage } = await import("../serve.ts");
  const { url, close } = await servePage([xsignalsEmulation], lifetime);
  output.write(`Four tabs on one time axis: ${url}tabs.html (each refresh token of the server works once). Ctrl-C ends it.\n`);
  await untilStopped();
  await close();
  return 0;
}
