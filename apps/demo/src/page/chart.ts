import { axisHeight, type Kind, type Picture, type Shape } from "./layout.ts";

const namespace = "http://www.w3.org/2000/svg";

/** Least width in which a label can be read. */
const roomForLabel = 70;

/** The picture as an image; words for it have to stand beside it. */
export function drawn({ width, height, shapes, ticks }: Picture): SVGElement {
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  const axis = ticks.flatMap(({ x, label }) => [
    element("line", { class: "grid", x1: x, x2: x, y1: axisHeight - 6, y2: height }),
    text(label, { class: "tick", x: x + 4, y: axisHeight - 9 }),
  ]);
  const labels = shapes.flatMap((shape) => labelOf(shape, width));
  svg.append(...axis, ...shapes.map(rectangle), ...labels);
  return svg;
}

function rectangle({ kind, x, y, width, height, title }: Shape): SVGElement {
  const rounded: Partial<Record<Kind, number>> = { token: 4, wait: 1, renewal: 0, mark: 0 };
  const radius = Math.min(rounded[kind] ?? 2, width / 2, height / 2);
  const rect = element("rect", { class: kind, x, y, width, height, rx: radius });
  const tooltip = element("title", {});
  tooltip.textContent = title;
  rect.append(tooltip);
  return rect;
}

function labelOf({ kind, x, y, width, label }: Shape, chartWidth: number): SVGElement[] {
  if (label === undefined || (kind === "token" && width < roomForLabel)) return [];
  const middle = kind === "token" ? 11 : 14;
  const isOutside = width < roomForLabel;
  const isLast = isOutside && x + width > chartWidth - 2 * roomForLabel;
  if (isLast) return [text(label, { class: `label ${kind}-label`, x: x - 6, y: y + middle, "text-anchor": "end" })];
  return [text(label, { class: `label ${kind}-label`, x: x + 6 + (isOutside ? width : 0), y: y + middle })];
}

function text(content: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = element("text", attributes);
  node.textContent = content;
  return node;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS(namespace, name) as SVGElement; // of the SVG namespace
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
