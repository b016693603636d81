import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicPackages, root } from "../../../../scripts/workspace.ts";
import { documentOf, type Row, tableOf } from "./document.fixture.ts";
import { providers } from "./providers.fixture.ts";
import { renewals } from "./renewals.fixture.ts";
import { rotations } from "./rotations.fixture.ts";
import type { Scenario } from "./scenario.fixture.ts";
import { signIns } from "./sign-ins.fixture.ts";
import { wire } from "./wire.fixture.ts";

const contract = "the provider contract";
const scenarios: readonly Scenario[] = [...renewals, ...rotations, ...signIns, ...wire];

/** Under how many variants a provider was put through a row and held. */
const proved = new Map<string, number>();
const keyOf = (provider: string, title: string): string => `${provider}: ${title}`;
const note = (provider: string, title: string) => proved.set(keyOf(provider, title), (proved.get(keyOf(provider, title)) ?? 0) + 1);

describe.each(providers)("$provider", ({ provider, trials }) => {
  describe.each(trials)("at a server $name", ({ vendor, contractOnly, contract: runContract }) => {
    it(contract, async () => {
      expect(await runContract()).toBeGreaterThan(30);
      note(provider, contract);
    });

    const applicable = contractOnly ? [] : scenarios.filter(({ applies }) => applies?.(vendor) ?? true);
    it.each(applicable)("$title", async ({ title, run }) => {
      if ((await run(vendor)) !== "nothing to prove") note(provider, title);
    });
  });
});

describe("the matrix", () => {
  const rows = (): Row[] =>
    [contract, ...scenarios.map(({ title }) => title)].map((title) => ({
      title,
      proved: providers.map(({ provider }) => proved.get(keyOf(provider, title))),
    }));

  it("is what docs/matrix.md shows", async () => {
    process.stdout.write(`\n${tableOf(providers, rows())}\n\n`);
    await expect(documentOf(providers, rows())).toMatchFileSnapshot(join(root, "docs/matrix.md"));
  });

  it("has every provider package in it", () => {
    const named = publicPackages().filter(({ slug }) => !["core", "emulators"].includes(slug) && !slug.startsWith("store-"));
    const inIt = named.filter(({ slug }) =>
      providers.some(({ provider }) => provider.toLowerCase().startsWith(slug.replaceAll("-", "")) || slug === "oauth2"),
    );
    expect(inIt).toEqual(named);
  });
});
