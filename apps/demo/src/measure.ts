import { difference } from "./difference.ts";
import type { Allowed, Phase, Seen, Stage } from "./phases.ts";
import { type Control, type Emulation, tokensShown } from "./systems/emulation.ts";
import type { Traffic } from "./traffic.ts";

/** Goes through a phase; what was seen meanwhile, and what of it must not be. */
export async function measure(phase: Phase, stage: Stage, emulation: Emulation): Promise<{ seen: Seen; problems: string[] }> {
  const { control, traffic } = stage;
  const before = totals(control, traffic);
  const from = control.calls.length;
  const broken = await phase.run(stage).then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : String(error)],
  );
  const seen = {
    ...difference(totals(control, traffic), before),
    tokens: tokensShown(control, from).size,
    refusedTokens: tokensShown(control, from, 401).size,
  };
  const wrong = wrongNumbers(seen, phase.must(emulation, seen));
  return { seen, problems: [...broken, ...wrong].map((problem) => `${phase.name}: ${problem}`) };
}

type Totals = Omit<Seen, "tokens" | "refusedTokens">;

function totals(control: Control, { requests, failures }: Traffic): Totals {
  return {
    requests,
    failures: failures.length,
    calls: control.count("api"),
    unauthorized: control.count("api", 401),
    logins: control.count("login"),
    refreshes: control.count("refresh"),
    revocations: control.count("revoke"),
  };
}

const words: Readonly<Record<keyof Seen, string>> = {
  requests: "requests",
  failures: "failed requests",
  calls: "calls to the API",
  unauthorized: "401s of the API",
  logins: "logins",
  refreshes: "refreshes",
  revocations: "revocations",
  tokens: "different tokens shown to the API",
  refusedTokens: "different tokens refused by the API",
};

/** One clear line for each number that is not what it must be. */
function wrongNumbers(seen: Seen, must: Readonly<Partial<Record<keyof Seen, Allowed>>>): string[] {
  const names = Object.keys(must) as (keyof Seen)[]; // no other members
  return names.flatMap((name) => {
    const allowed = must[name] ?? 0;
    const [least, most] = typeof allowed === "number" ? [allowed, allowed] : allowed;
    if (seen[name] >= least && seen[name] <= most) return [];
    return [`${seen[name]} ${words[name]}, must be ${least === most ? least : `${least} to ${most}`}`];
  });
}
