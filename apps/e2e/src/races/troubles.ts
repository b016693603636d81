/** What is to go wrong with the next calls of some kind. */
export interface Troubles<Point extends string, Kind extends string> {
  add(point: Point, kind: Kind, times: number): void;
  /** What goes wrong with this call, if anything does. */
  take(point: Point): Kind | undefined;
  clear(): void;
}

export function createTroubles<Point extends string, Kind extends string>(): Troubles<Point, Kind> {
  let ahead: { readonly point: Point; readonly kind: Kind; times: number }[] = [];
  return {
    add: (point, kind, times) => void ahead.push({ point, kind, times }),
    take(point) {
      const trouble = ahead.find((candidate) => candidate.point === point && candidate.times > 0);
      if (trouble) trouble.times--;
      return trouble?.kind;
    },
    clear() {
      ahead = [];
    },
  };
}
