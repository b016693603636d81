import { markdownTable } from "../../../../scripts/proofs.ts";
import type { Attack, Kind } from "./attack.ts";
import { open } from "./open.ts";

interface Finding {
  readonly kind: Kind;
  readonly what: string;
}

const columns: readonly Kind[] = ["wrong origin", "hang", "unhandled", "secret", "other"];
const titles = ["tokens at a wrong origin", "hangs", "unhandled rejections", "secrets shown", "other laws broken"];

/** What is shown of the findings of one attack; more of the same says nothing to a reader. */
const longest = 5;

/** Makes the attacks one after the other, each with what was unhandled meanwhile. */
export async function report(
  attacks: readonly Attack[],
  { runs, seed }: { readonly runs: number; readonly seed: number },
  tell: (line: string) => void,
): Promise<{ readonly lines: readonly string[]; readonly failed: boolean }> {
  const rows: (readonly (string | number)[])[] = [];
  const details: string[] = [];
  const stillOpen = new Set<string>();
  let failed = false;
  const started = performance.now();
  for (const { name, run } of attacks) {
    const findings: Finding[] = [];
    let tried = 0;
    const unhandled = (error: unknown) => void findings.push({ kind: "unhandled", what: String(error) });
    process.on("uncaughtException", unhandled).on("unhandledRejection", unhandled);
    const trial = { runs, seed, tried: () => void tried++, finds: (kind: Kind, what: string) => void findings.push({ kind, what }) };
    await run(trial).catch((error: unknown) => trial.finds("other", `the attack itself broke off: ${error}`));
    await new Promise((resolve) => setTimeout(resolve, 50)); // rejections are told a turn later
    process.off("uncaughtException", unhandled).off("unhandledRejection", unhandled);

    const known = (finding: Finding) => open.find((one) => one.attack === name && one.kind === finding.kind && one.what.test(finding.what));
    for (const finding of findings) {
      const { says } = known(finding) ?? {};
      if (says) stillOpen.add(says);
    }
    const news = findings.filter((finding) => !known(finding));
    if (news.length > 0) failed = true;
    rows.push([name, tried.toLocaleString("en"), ...columns.map((kind) => news.filter((one) => one.kind === kind).length)]);
    details.push(...news.slice(0, longest).map(({ kind, what }) => `- ${name}: ${kind}: ${what}`));
    tell(`${name}: ${tried} inputs, ${news.length} findings, ${findings.length - news.length} of known ones`);
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  return {
    failed,
    lines: [
      markdownTable(["attack", "inputs:", ...titles.map((title) => `${title}:`)], rows),
      ...details,
      ...[...stillOpen].map((says) => `- not fixed yet: ${says}`),
      ...(details.length + stillOpen.size > 0 ? [""] : []),
      `${failed ? "Attacks succeeded" : "No attack succeeded"}${stillOpen.size > 0 ? " besides those not fixed yet" : ""}: seed ${seed}, ${seconds} s, Node ${process.version}`,
    ],
  };
}
