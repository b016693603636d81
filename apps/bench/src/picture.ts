import type { Peer } from "./peer.ts";
import type { Results } from "./results.ts";
import { scenarios } from "./scenarios/index.ts";

interface Panel {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number | undefined; readonly good: boolean | undefined }[];
}

const width = 980;
const panelWidth = 230;
const labels = 190;
const row = 24;
const top = 56;

/** Three counts that should each be 1, as bars on a logarithmic axis; fewer is better. */
export function picture(peers: readonly Peer[], { outcomes }: Results): string {
  const counted = ["stampede", "late 401s", "dead refresh token"];
  const titles: Readonly<Record<string, string>> = {
    stampede: "1,000 calls with a dead token",
    "late 401s": "six late 401s",
    "dead refresh token": "20 calls, refresh token refused",
  };
  const panels = counted.map((name): Panel => {
    const index = scenarios.findIndex((scenario) => scenario.name === name);
    return {
      title: titles[name] ?? name,
      bars: peers.map((peer) => {
        const outcome = outcomes.get(peer.name)?.[index];
        return { name: peer.name, value: outcome?.value, good: outcome?.good };
      }),
    };
  });
  const height = top + peers.length * row + 28;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Token requests by client and situation; one is right">`,
    "<style>text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.good{fill:#1a7f37}.bad{fill:#bc4c00}.note{fill:#57606a}</style>",
    `<rect width="${width}" height="${height}" rx="8" fill="#fff"/>`,
    ...peers.map(({ name }, index) => `<text x="${labels - 10}" y="${top + index * row + 16}" text-anchor="end">${name}</text>`),
    ...panels.flatMap((panel, index) => panelMarks(panel, labels + index * (panelWidth + 30))),
    `<text class="note" x="${labels}" y="${height - 8}">Token requests, logarithmic; one is right. Orange: not what one would want. No bar: the client does not renew after a 401.</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function panelMarks({ title, bars }: Panel, left: number): string[] {
  const most = Math.max(10, ...bars.map(({ value }) => value ?? 0));
  const lengthOf = (value: number): number => 14 + ((panelWidth - 60) * Math.log10(value)) / Math.log10(most);
  return [
    `<text class="title" x="${left}" y="32">${title}</text>`,
    ...bars.flatMap(({ value, good }, index) => {
      const y = top + index * row;
      if (!value) return [`<text class="note" x="${left}" y="${y + 16}">–</text>`];
      const length = lengthOf(value);
      return [
        `<rect class="${good ? "good" : "bad"}" x="${left}" y="${y + 4}" width="${length.toFixed(1)}" height="${row - 8}" rx="2"/>`,
        `<text x="${(left + length + 6).toFixed(1)}" y="${y + 16}">${value.toLocaleString("en")}</text>`,
      ];
    }),
  ];
}
