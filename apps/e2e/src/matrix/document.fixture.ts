import type { Entry } from "./providers.fixture.ts";

/** In how many variants of a provider each row was proved; `undefined` for a row that says nothing about it. */
export interface Row {
  readonly title: string;
  readonly proved: readonly (number | undefined)[];
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** One column per provider, one row per scenario. */
export function tableOf(providers: readonly Entry[], rows: readonly Row[]): string {
  return [
    line(["", ...providers.map(({ provider }) => `\`${provider}\``)]),
    line(["---", ...providers.map(() => "---:")]),
    line(["**variants of the server**", ...providers.map(({ trials }) => `**${trials.length}**`)]),
    ...rows.map(({ title, proved }) => line([title, ...proved.map((count) => count ?? "–")])),
  ].join("\n");
}

/** The whole of docs/matrix.md. */
export function documentOf(providers: readonly Entry[], rows: readonly Row[]): string {
  const variants = providers.map(({ provider, trials }) => `- \`${provider}\`: ${trials.map(({ name }) => name).join(" · ")}`);
  return `# Every provider under every behaviour of its server

Where a vendor's documentation is silent, or disagrees with itself, the vendor's emulator has an option with each behaviour one can think of. A provider is right if it holds under all of them. This table is what a run of \`apps/e2e/src/matrix\` prints:

\`\`\`sh
npm test -- apps/e2e/src/matrix       # fails if this page says anything else
npm test -- apps/e2e/src/matrix -u    # writes it
\`\`\`

A number says under how many variants of its server a provider was put through a row and held. "–": there is nothing to prove, because the provider cannot refresh, has no challenges, or its tokens tell no expiry or never die.

${tableOf(providers, rows)}

The provider contract is the suite of \`@keyturn/core/testing\`, some eighty cases each time.

## The variants

${variants.join("\n")}

They stand in \`variants.fixture.ts\` of each package. A new provider joins with a line in \`apps/e2e/src/matrix/providers.fixture.ts\`.
`;
}
