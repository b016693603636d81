/**
 * Looks now, or in `first` ms, and every `interval` ms. Calls back when it sees something else than the time before, or
 * something again after a look that failed.
 */
export function poll<Sight>(look: () => Promise<Sight>, interval: number, onChange: () => void, first = 0): () => void {
  let last: { readonly sight: Sight } | undefined;
  let timer: unknown;
  let stopped = false;

  async function tick(): Promise<void> {
    const seen = await look().then(
      (sight) => ({ sight }),
      () => undefined,
    );
    if (stopped) return;
    const changed = seen && !(last && last.sight === seen.sight);
    last = seen;
    again(interval);
    if (changed) onChange();
  }

  function again(delay: number): void {
    timer = setTimeout(() => void tick(), delay);
    (timer as { unref?(): void }).unref?.(); // looking holds no process alive, where the platform can tell
  }

  if (first > 0) again(first);
  else void tick();
  return () => {
    stopped = true;
    clearTimeout(timer as number); // each platform takes back what its own setTimeout gave
  };
}
