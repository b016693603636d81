/** Looks every `interval` ms, and calls back when it sees something else, or something again after a look that failed. */
export function poll<Sight>(look: () => Promise<Sight>, interval: number, onChange: () => void): () => void {
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
    timer = setTimeout(() => void tick(), interval);
    (timer as { unref?(): void }).unref?.(); // looking holds no process alive, where the platform can tell
    if (changed) onChange();
  }

  void tick();
  return () => {
    stopped = true;
    clearTimeout(timer as number); // each platform takes back what its own setTimeout gave
  };
}
