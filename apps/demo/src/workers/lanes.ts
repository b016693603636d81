/** What can be seen of a process at one moment; the first ones cover the later ones. */
export const signs = {
  "is killed": "✕",
  "logs in": "L",
  renews: "R",
  "takes over what another got": "a",
  "a request fails": "!",
  request: "·",
} as const;

export type Sign = keyof typeof signs;

/** One process on a time axis. */
export interface Lane {
  readonly title: string;
  /** What was seen, and when, in ms from the start. */
  readonly marks: readonly { readonly at: number; readonly sign: Sign }[];
}

/** A line for each process, a character for so many ms. */
export function drawLanes(lanes: readonly Lane[], scale: number): string[] {
  const width = Math.max(...lanes.map(({ title }) => title.length));
  return lanes.map(({ title, marks }) => {
    const cells: Sign[] = [];
    for (const { at, sign } of marks) {
      const cell = Math.floor(at / scale);
      const there = cells[cell];
      if (!there || rank(sign) < rank(there)) cells[cell] = sign;
    }
    return `${title.padEnd(width)}  ${Array.from(cells, (sign) => (sign ? signs[sign] : " ")).join("")}`;
  });
}

/** What the characters mean. */
export function legend(scale: number): string {
  const meanings = Object.entries(signs).map(([meaning, character]) => `${character} ${meaning}`);
  return `${meanings.join("   ")}   (a character: ${scale} ms)`;
}

const order = Object.keys(signs);
const rank = (sign: Sign): number => order.indexOf(sign);
