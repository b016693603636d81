import { vi } from "vitest";

/** What a login by redirect touches of a browser's tab. */
export interface Page {
  /** Another page of this tab is shown. */
  visit(address: string): void;
  readonly address: () => string;
  /** Where the tab goes next, of its own accord. */
  readonly left: () => Promise<URL>;
  /** All that is kept in this tab. */
  readonly kept: Map<string, string>;
}

/** Puts a tab at `address` into place of what Node has not; `vi.unstubAllGlobals()` closes it. */
export function openPage(address = "https://app.example.com/", storage: "works" | "denied" | "full" = "works"): Page {
  const kept = new Map<string, string>();
  let url = new URL(address);
  let leave: (address: URL) => void = () => {};
  vi.stubGlobal("location", {
    get href() {
      return url.href;
    },
    get origin() {
      return url.origin;
    },
    get pathname() {
      return url.pathname;
    },
    assign: (to: string) => leave(new URL(to, url)),
  });
  vi.stubGlobal("history", {
    state: null,
    replaceState(_state: unknown, _title: string, to: string) {
      url = new URL(to, url);
    },
  });
  const sessionStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem(name: string, value: string) {
      if (storage === "full") throw new DOMException("full", "QuotaExceededError");
      kept.set(name, value);
    },
  };
  vi.stubGlobal("sessionStorage", sessionStorage);
  if (storage === "denied")
    Object.defineProperty(globalThis, "sessionStorage", {
      configurable: true,
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  return {
    visit(to) {
      url = new URL(to, url);
    },
    address: () => url.href,
    left: () =>
      new Promise((resolve) => {
        leave = resolve;
      }),
    kept,
  };
}
