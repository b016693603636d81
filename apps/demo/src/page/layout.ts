import type { Bar, Timeline, Try } from "./timeline.ts";

/** What a shape stands for; its colour and its words follow from it. */
export type Kind = "wait" | "try" | "refused" | "re-send" | "failed" | "renewal" | "token" | "mark";

/** A rectangle, in pixels. */
export interface Shape {
  readonly kind: Kind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What it says when pointed at. */
  readonly title: string;
  /** What stands beside it, where there is room. */
  readonly label?: string;
}

export interface Tick {
  readonly x: number;
  readonly label: string;
}

/** All there is to draw, in pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly ticks: readonly Tick[];
}

export const axisHeight = 24;
const tokenHeight = 14;
const tokensTop = axisHeight + 6;
const gap = 4;
const barsTop = tokensTop + 2 * tokenHeight + gap + 24;
const laneHeights = { least: 6.6, most: 22 };
const usualBarsHeight = 110;
const longestSpan = 15_000;
const shortestSpan = 20;
const thinnest = 2;

/** What a drawing among others keeps to. */
export interface Frame {
  /** Default: from the first to the last thing that happens in the timeline. */
  readonly range?: Range | undefined;
  /** Of the part with the requests, in pixels. */
  readonly leastBarsHeight?: number;
}

/** Where everything of a timeline goes on a drawing so many pixels wide. */
export function layout(timeline: Timeline, now: number, width: number, frame: Frame = {}): Picture {
  const { range = rangeOf(timeline, now), leastBarsHeight = usualBarsHeight } = frame;
  if (!range) return { width, height: barsTop + leastBarsHeight, ticks: [], shapes: [] };
  const { from, to } = range;
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const place = { x, from, to, width };
  const bars = lanesOf(timeline, now, place);
  const height = barsTop + Math.max(leastBarsHeight, bars.lanes * laneHeights.least);
  return {
    width,
    height,
    ticks: ticksOf(range, width).map(({ at, label }) => ({ x: x(at), label })),
    shapes: [
      ...tokenShapes(timeline, place),
      ...renewalShapes(timeline, now, place, height),
      ...barShapes(bars, now, place, height - barsTop),
      ...markShapes(timeline, place, height),
    ],
  };
}

interface Place {
  readonly x: (at: number) => number;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

const endOf = ({ settledAt }: Bar, now: number): number => settledAt ?? now;

/** The part of time that is drawn. */
export interface Range {
  readonly from: number;
  /** Where the axis begins to count. */
  readonly start: number;
  readonly to: number;
}

/** From the first to the last thing that happens, a little air on both sides; of a long time its last part. */
export function rangeOf({ bars, renewals }: Timeline, now: number): Range | undefined {
  const starts = [...bars.map(({ askedAt }) => askedAt), ...renewals.map(({ startedAt }) => startedAt)];
  const ends = [...bars.map((bar) => endOf(bar, now)), ...renewals.map(({ endedAt = now }) => endedAt)];
  if (starts.length === 0) return undefined;
  const last = Math.max(...ends);
  const first = Math.max(Math.min(...starts), last - longestSpan);
  const span = Math.max(last - first, shortestSpan);
  const air = span * 0.03;
  return { from: first - air, start: first, to: first + span + air };
}

/** The part of a time that can be seen. */
function clipped(kind: Kind, start: number, end: number, { x, from, to }: Place): Pick<Shape, "kind" | "x" | "width"> | undefined {
  if (end < from || start > to) return undefined;
  const left = x(Math.max(start, from));
  return { kind, x: left, width: Math.max(thinnest, x(Math.min(end, to)) - left) };
}

/** Two rows, because a token renewed ahead still lives beside the new one. */
function tokenShapes({ tokens }: Timeline, place: Place): Shape[] {
  return tokens.flatMap(({ issuedAt, expiresAt }, index) => {
    const shape = clipped("token", issuedAt, expiresAt, place);
    if (!shape) return [];
    const title = `token ${index + 1}, issued to live ${milliseconds(expiresAt - issuedAt)}`;
    return [{ ...shape, y: tokensTop + (index % 2) * (tokenHeight + gap), height: tokenHeight, title, label: `token ${index + 1}` }];
  });
}

function renewalShapes({ renewals }: Timeline, now: number, place: Place, height: number): Shape[] {
  return renewals.flatMap(({ grant, reason, startedAt, endedAt, ok, adopted }) => {
    if (adopted) return []; // the requests show that they waited; the grant stands where it was made
    const shape = clipped("renewal", startedAt, endedAt ?? now, place);
    if (!shape) return [];
    const took = endedAt === undefined ? "under way" : milliseconds(endedAt - startedAt);
    const label = ok === false ? `${grant} failed` : grant;
    return [{ ...shape, y: barsTop - 20, height: height - barsTop + 20, title: `${label} (${reason}), ${took}`, label }];
  });
}

function markShapes({ marks }: Timeline, { x, from, to, width }: Place, height: number): Shape[] {
  return marks
    .filter(({ at }) => at <= to)
    .map(({ at, label }) => {
      const left = Math.min(Math.max(x(Math.max(at, from)), 0), width - thinnest);
      return { kind: "mark", x: left, y: axisHeight, width: thinnest, height: height - axisHeight, title: label, label };
    });
}

interface Lanes {
  readonly lanes: number;
  readonly placed: readonly { readonly bar: Bar; readonly lane: number }[];
}

/** Each bar in the first lane that is free again. */
function lanesOf({ bars }: Timeline, now: number, { from, to, width }: Place): Lanes {
  const freeFrom: number[] = [];
  const least = (to - from) * ((thinnest + 1) / width);
  const visible = bars.filter((bar) => endOf(bar, now) >= from);
  const placed = visible.map((bar) => {
    const free = freeFrom.findIndex((end) => end <= bar.askedAt);
    const lane = free === -1 ? freeFrom.length : free;
    freeFrom[lane] = Math.max(endOf(bar, now), bar.askedAt + least);
    return { bar, lane };
  });
  return { lanes: freeFrom.length, placed };
}

/** The fewer lanes, the thicker the bars. */
function barShapes({ lanes, placed }: Lanes, now: number, place: Place, height: number): Shape[] {
  const laneHeight = Math.min(height / lanes, laneHeights.most);
  const thickness = laneHeight * 0.72;
  return placed.flatMap(({ bar, lane }) => {
    const top = barsTop + lane * laneHeight + (laneHeight - thickness) / 2;
    return segmentsOf(bar, now).flatMap(({ kind, start, end, title }) => {
      const shape = clipped(kind, start, end, place);
      if (!shape) return [];
      const thin = kind === "wait" ? thickness / 4 : thickness;
      return [{ ...shape, y: top + (thickness - thin) / 2, height: thin, title: `request ${bar.id}: ${title}` }];
    });
  });
}

interface Segment {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly title: string;
}

/** Shorter waits are the page's own work. */
const noticeable = 0.5;

/** A request's way: waiting for a token, a try, waiting for the renewal, the re-send. */
function segmentsOf(bar: Bar, now: number): Segment[] {
  const segments: Segment[] = [];
  let reached = bar.askedAt;
  const waitUntil = (end: number) => {
    if (end - reached > noticeable) {
      segments.push({ kind: "wait", start: reached, end, title: `waited ${milliseconds(end - reached)}` });
    }
  };
  for (const [index, attempt] of bar.tries.entries()) {
    waitUntil(attempt.sentAt);
    reached = attempt.answeredAt ?? now;
    segments.push({ kind: kindOf(attempt, index), start: attempt.sentAt, end: reached, title: wordsFor(attempt, index) });
  }
  const last = bar.tries.at(-1);
  if (bar.settledAt === undefined && (!last || last.status === 401)) waitUntil(now);
  if (bar.ok === false && bar.tries.length === 0) {
    segments.push({ kind: "failed", start: reached, end: bar.settledAt ?? now, title: "never sent" });
  }
  return segments;
}

function kindOf({ status, answeredAt }: Try, index: number): Kind {
  if (answeredAt !== undefined && (status === undefined || status >= 500)) return "failed";
  if (status === 401) return "refused";
  return index === 0 ? "try" : "re-send";
}

function wordsFor({ sentAt, answeredAt, status }: Try, index: number): string {
  const name = index === 0 ? "first try" : "re-send";
  if (answeredAt === undefined) return `${name}, under way`;
  return `${name}, ${status ?? "no answer"} after ${milliseconds(answeredAt - sentAt)}`;
}

/** Pixels a tick's label needs. */
const roomForTick = 55;

/** Round steps, so many that labels have room. */
function ticksOf({ from, start, to }: Range, width: number): { at: number; label: string }[] {
  const step = roundStep((to - start) / Math.max(2, width / (2 * roomForTick)));
  const ticks: { at: number; label: string }[] = [];
  const last = to - (to - from) * (roomForTick / width);
  for (let offset = 0; start + offset <= last; offset += step) ticks.push({ at: start + offset, label: milliseconds(offset) });
  return ticks;
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10;
  return factor * power;
}

function milliseconds(duration: number): string {
  return duration >= 1000 ? `${Number((duration / 1000).toFixed(1))} s` : `${Math.round(duration)} ms`;
}
