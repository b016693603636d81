import { describe, expect, it } from "vitest";
import { type Kind, layout, type Shape } from "./layout.ts";
import { advance, emptyTimeline, type Moment } from "./timeline.ts";

const after = (...moments: Moment[]) => moments.reduce(advance, emptyTimeline);

const request = (id: number, from: number, to: number, status = 200): Moment[] => [
  { type: "asked", at: from, id },
  { type: "sent", at: from, id },
  { type: "answered", at: to, id, status },
  { type: "settled", at: to, id, ok: status < 400 },
];

const shapesOf = (kind: Kind, shapes: readonly Shape[]) => shapes.filter((shape) => shape.kind === kind);

/** A timeline of a second, 1,060 pixels wide: with the air at both sides, a pixel is a millisecond. */
const second = (...moments: Moment[]) => layout(after(...request(99, 0, 1_000), ...moments), 1_000, 1_060);

describe("the layout", () => {
  it("is empty where nothing happened", () => {
    expect(layout(emptyTimeline, 5_000, 900)).toMatchObject({ width: 900, shapes: [], ticks: [] });
  });

  it("puts a request where it was in time", () => {
    const [, shape] = shapesOf("try", second(...request(1, 200, 450)).shapes);
    expect(shape).toMatchObject({ x: 230, width: 250, title: "request 1: first try, 200 after 250 ms" });
  });

  it("draws the way of a re-sent request: the refused try, the wait, the re-send", () => {
    const { shapes } = second(
      { type: "asked", at: 100, id: 1 },
      { type: "sent", at: 100, id: 1 },
      { type: "answered", at: 200, id: 1, status: 401 },
      { type: "sent", at: 300, id: 1 },
      { type: "answered", at: 400, id: 1, status: 200 },
      { type: "settled", at: 400, id: 1, ok: true },
    );
    const [refused] = shapesOf("refused", shapes);
    const [wait] = shapesOf("wait", shapes);
    const [resend] = shapesOf("re-send", shapes);
    expect([refused, wait, resend].map((shape) => [shape?.x, shape?.width])).toEqual([
      [130, 100],
      [230, 100],
      [330, 100],
    ]);
    expect([refused?.title, wait?.title, resend?.title]).toEqual([
      "request 1: first try, 401 after 100 ms",
      "request 1: waited 100 ms",
      "request 1: re-send, 200 after 100 ms",
    ]);
  });

  it("shows a request that was never sent as failed", () => {
    const { shapes } = second({ type: "asked", at: 100, id: 1 }, { type: "settled", at: 150, id: 1, ok: false });
    expect(shapesOf("failed", shapes)).toMatchObject([{ x: 130, width: 50, title: "request 1: never sent" }]);
  });

  it.each([undefined, 503])("shows a try that ended with %s as failed", (status) => {
    const { shapes } = second(
      { type: "asked", at: 100, id: 1 },
      { type: "sent", at: 100, id: 1 },
      { type: "answered", at: 150, id: 1, status },
      { type: "settled", at: 150, id: 1, ok: false },
    );
    expect(shapesOf("failed", shapes)).toHaveLength(1);
  });

  it("lets a request that is under way grow with time", () => {
    const begun = after({ type: "asked", at: 0, id: 1 }, { type: "sent", at: 0, id: 1 });
    const [shape] = shapesOf("try", layout(begun, 1_000, 1_060).shapes);
    expect(shape).toMatchObject({ x: 30, width: 1_000, title: "request 1: first try, under way" });
  });

  it("lets a refused request wait until it is sent again, and an answered one for nothing", () => {
    const waits = (status: number) => {
      const { shapes } = second(
        { type: "asked", at: 100, id: 1 },
        { type: "sent", at: 100, id: 1 },
        { type: "answered", at: 200, id: 1, status },
      );
      return shapesOf("wait", shapes).map(({ x, width }) => [x, width]);
    };
    expect(waits(401)).toEqual([[230, 800]]);
    expect(waits(200)).toEqual([]);
  });

  it("gives requests at the same time lanes of their own, and uses a lane again", () => {
    const [, first, next, third] = shapesOf(
      "try",
      second(...request(1, 100, 300), ...request(2, 200, 400), ...request(3, 350, 500)).shapes,
    );
    expect(first?.y).toBeLessThan(next?.y ?? 0);
    expect(third?.y).toBe(first?.y);
  });

  it("draws a renewal over the whole height, with its name", () => {
    const { shapes, height } = second(
      { type: "renewal-started", at: 100, grant: "refresh", reason: "refused" },
      { type: "renewal-ended", at: 140, ok: true },
    );
    const [renewal] = shapesOf("renewal", shapes);
    expect(renewal).toMatchObject({ x: 130, width: 40, label: "refresh", title: "refresh (refused), 40 ms" });
    expect((renewal?.y ?? 0) + (renewal?.height ?? 0)).toBe(height);
  });

  it("says of a renewal that it failed", () => {
    const { shapes } = second(
      { type: "renewal-started", at: 100, grant: "login", reason: "empty" },
      { type: "renewal-ended", at: 140, ok: false },
    );
    expect(shapesOf("renewal", shapes)[0]?.label).toBe("login failed");
  });

  it("draws lives of tokens in two rows, cut at the edges", () => {
    const { shapes } = second({ type: "token", at: -500, expiresAt: 500 }, { type: "token", at: 400, expiresAt: 9_000 });
    const [first, next] = shapesOf("token", shapes);
    expect(first).toMatchObject({ x: 0, width: 530, label: "token 1" });
    expect(next).toMatchObject({ x: 430, width: 630, label: "token 2" });
    expect(next?.y).toBeGreaterThan(first?.y ?? 0);
  });

  it("puts what happened before the picture at its edge", () => {
    const [mark] = shapesOf("mark", second({ type: "ended", at: -700, label: "expired on the server" }).shapes);
    expect(mark).toMatchObject({ x: 0, label: "expired on the server" });
  });

  it("shows the last part of a long time", () => {
    const { shapes, ticks } = layout(after(...request(1, 0, 10), ...request(2, 60_000, 60_100)), 60_100, 1_000);
    expect(shapesOf("try", shapes)).toHaveLength(1);
    expect(ticks.at(-1)?.label).toBe("14 s");
  });

  it("labels the axis in round steps that have room", () => {
    const ticks = second().ticks.map(({ x, label }) => `${label} at ${Math.round(x)}`);
    expect(ticks).toEqual(["0 ms at 30", "200 ms at 230", "400 ms at 430", "600 ms at 630", "800 ms at 830"]);
  });
});
