import { type FSWatcher, lstatSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { numbersIn } from "./names.ts";

/** Where the platform tells of changes, a look now and then finds what it may have missed. */
const longInterval = 30_000;
/** Where it does not, or there is no folder yet. */
const shortInterval = 1_000;

/** Tells listeners that another file of a folder counts now. */
export interface Changes {
  listen(onChange: () => void): () => void;
}

/** No process is kept alive by listening. */
export function createChanges(folder: string): Changes {
  const listeners = new Set<{ readonly onChange: () => void }>();
  let stop = () => {};
  const tell = () => {
    for (const { onChange } of [...listeners]) onChange();
  };
  return {
    listen(onChange) {
      const listener = { onChange };
      if (listeners.size === 0) stop = observe(folder, tell);
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
  };
}

function observe(folder: string, onChange: () => void): () => void {
  let last = stateOf(folder);
  let watcher: FSWatcher | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    const state = stateOf(folder);
    if (state === undefined) unwatch(); // of a folder that is made anew the old watcher hears nothing
    if (state === last) return;
    last = state;
    onChange();
  }

  function tick(): void {
    look();
    if (!watcher && last !== undefined) {
      try {
        watcher = watch(folder, { persistent: false }, look).on("error", unwatch);
        look(); // it may have changed before it was watched
      } catch {
        // the platform has no more watchers to give
      }
    }
    again();
  }

  function again(): void {
    clearTimeout(timer);
    timer = setTimeout(tick, watcher ? longInterval : shortInterval);
    timer.unref();
  }

  function unwatch(): void {
    watcher?.close();
    watcher = undefined;
    again();
  }

  tick();
  return () => {
    watcher?.close();
    clearTimeout(timer);
  };
}

/**
 * Differs whenever another file counts; nothing if there is no folder. Synchronous, as it is a folder of a few names, and
 * as nothing may be missed between the call of `listen` and the first look.
 */
function stateOf(folder: string): string | undefined {
  try {
    const { last } = numbersIn(readdirSync(folder, { withFileTypes: true })).json;
    const made = last > 0 ? lstatSync(join(folder, `${last}.json`)) : undefined;
    return `${last} ${made?.ino} ${made?.mtimeMs}`;
  } catch {
    return undefined;
  }
}
