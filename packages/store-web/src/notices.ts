import { watchGaps } from "./gaps.ts";

/** How the holders of a record tell each other that it changed, in this page and in others. */
export interface Notices {
  /** All that is told is a revision: a message must be of no use to who should not read it. */
  tell(revision: number): void;
  /** Calls back at each notice, and after each gap. Returns how to stop. */
  watch(onChange: () => void): () => void;
}

/** The channel of this name, if there are channels here. It holds no process alive. */
export function openChannel(name: string): BroadcastChannel | undefined {
  try {
    const channel = new BroadcastChannel(name);
    (channel as { unref?(): void }).unref?.(); // Node's has it
    return channel;
  } catch {
    return undefined; // missing, or not allowed in this frame
  }
}

export function createNotices(channel: BroadcastChannel | undefined): Notices {
  const watchers = new Set<() => void>();
  let stopListening = () => {};
  const call = () => {
    for (const watcher of watchers) watcher();
  };

  function listen(): void {
    channel?.addEventListener("message", call);
    const stopGaps = watchGaps(call);
    stopListening = () => {
      channel?.removeEventListener("message", call);
      stopGaps();
    };
  }

  return {
    tell(revision) {
      channel?.postMessage(revision);
      queueMicrotask(call); // a channel does not hear itself
    },
    watch(onChange) {
      const watcher = () => onChange(); // the same function may watch twice
      if (watchers.size === 0) listen();
      watchers.add(watcher);
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) stopListening();
      };
    },
  };
}
