import { axisHeight, layout, type Picture, rangeOf } from "./layout.ts";
import type { Timeline } from "./timeline.ts";

/** How high the requests of one lane are drawn, in pixels. */
const laneBars = 44;

/** Timelines one below the other, on one time axis. */
export function stacked(timelines: readonly Timeline[], now: number, width: number): Picture {
  const all: Timeline = {
    bars: timelines.flatMap(({ bars }) => bars),
    renewals: timelines.flatMap(({ renewals }) => renewals),
    tokens: [],
    marks: [],
  };
  const range = rangeOf(all, now);
  const pictures = timelines.map((timeline) => layout(timeline, now, width, { range, leastBarsHeight: laneBars }));
  let top = 0;
  const shapes = pictures.flatMap(({ shapes, height }, index) => {
    const offset = top;
    top += height - axisHeight;
    const tab = `tab ${index + 1}`;
    return shapes.map((shape) => ({
      ...{ ...shape, y: shape.y + offset, title: `${tab}, ${shape.title}` },
      ...(shape.kind === "token" && shape.label && { label: `${tab}, ${shape.label}` }),
    }));
  });
  return { width, height: top + axisHeight, shapes, ticks: pictures[0]?.ticks ?? [] };
}
