// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { webStore } from "./index.ts";

afterEach(() => vi.restoreAllMocks());

const restored = (persisted: boolean) => Object.assign(new Event("pageshow"), { persisted });

it("[65] watch calls back when the page is shown, resumed, or comes out of the back/forward cache", () => {
  const onChange = vi.fn();
  const stop = webStore("session").watch?.(onChange);
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(restored(false));
  expect(onChange).toHaveBeenCalledTimes(0);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(onChange).toHaveBeenCalledTimes(1);
  document.dispatchEvent(new Event("resume"));
  expect(onChange).toHaveBeenCalledTimes(2);
  window.dispatchEvent(restored(true));
  expect(onChange).toHaveBeenCalledTimes(3);

  stop?.();
  document.dispatchEvent(new Event("visibilitychange"));
  document.dispatchEvent(new Event("resume"));
  window.dispatchEvent(restored(true));
  expect(onChange).toHaveBeenCalledTimes(3);
});

it("[66] happy-dom, which has no IndexedDB, gets a session in memory", async () => {
  const store = webStore("session");
  expect(await store.save({ format: 1, revision: 1, identity: "example" }, 0)).toBe(true);
  expect(await store.load()).toEqual({ format: 1, revision: 1, identity: "example" });
  expect(store.missing).toContain("indexedDB");
});
