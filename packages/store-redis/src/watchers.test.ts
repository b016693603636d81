import { expect, it } from "vitest";
import { shared } from "./watchers.ts";

it("watchers share one source, which begins with the first, serves who is there, and stops with the last", () => {
  const log: string[] = [];
  let change = () => {};
  const watch = shared((onChange) => {
    log.push("begins");
    change = onChange;
    return () => log.push("stops");
  });
  const first = watch(() => log.push("first"));
  const second = watch(() => log.push("second"));
  change();
  first();
  first();
  change();
  second();
  expect(log).toEqual(["begins", "first", "second", "second", "stops"]);
  watch(() => {});
  expect(log.slice(5)).toEqual(["begins"]);
});
