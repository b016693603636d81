/** Tells what is going on, in words. */
export interface Progress {
  /** A phase of a system has begun. */
  phase(system: string, news: string): void;
  /** Something moved within it; shown where lines can be rewritten. */
  detail(system: string, news: string): void;
}

/** What progress is written to, such as `process.stdout`. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line for each system, rewritten in place; where that is not possible, one line for each phase. */
export function createProgress(terminal: Terminal, titles: readonly string[]): Progress {
  return terminal.isTTY ? liveLines(terminal, titles) : plainLines(terminal, titles);
}

const widest = (titles: readonly string[]): number => Math.max(...titles.map((title) => title.length));

function plainLines(terminal: Terminal, titles: readonly string[]): Progress {
  const width = widest(titles);
  return {
    phase: (system, news) => void terminal.write(`${system.padEnd(width)}  ${news}\n`),
    detail: () => {},
  };
}

const clearLine = "\u001b[2K";
const up = (lines: number): string => `\u001b[${lines}A`;

function liveLines(terminal: Terminal, titles: readonly string[]): Progress {
  const width = widest(titles);
  const lines = new Map(titles.map((title) => [title, ""]));
  const draw = () => {
    // A line that wraps would be two, and the way back up one too short.
    for (const [title, news] of lines) terminal.write(`${clearLine}${`${title.padEnd(width)}  ${news}`.slice(0, terminal.columns)}\n`);
  };
  const show = (system: string, news: string) => {
    lines.set(system, news);
    terminal.write(up(lines.size));
    draw();
  };
  draw();
  return { phase: show, detail: show };
}
