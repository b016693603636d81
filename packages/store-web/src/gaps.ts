/** Calls back when this page wakes up after a time in which it may have missed something. Returns how to stop. */
export function watchGaps(onGap: () => void): () => void {
  const page: Document | undefined = globalThis.document; // a worker has none, nor any other gap than the page's
  if (!page) return () => {};
  const shown = () => {
    if (!page.hidden) onGap();
  };
  const restored = ({ persisted }: PageTransitionEvent) => {
    if (persisted) onGap();
  };
  page.addEventListener("visibilitychange", shown);
  page.addEventListener("resume", onGap); // after a freeze (Page Lifecycle)
  globalThis.addEventListener("pageshow", restored); // out of the back/forward cache
  return () => {
    page.removeEventListener("visibilitychange", shown);
    page.removeEventListener("resume", onGap);
    globalThis.removeEventListener("pageshow", restored);
  };
}
