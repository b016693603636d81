/** How long what is no longer needed is kept, in ms: nobody who read the folder in time still counts on it. */
export const retention = 60_000;

/** How long what was read of the folder may be acted upon. Whoever was paused for longer looks again. */
export const patience: number = retention / 2;

/** Ms since the call, by the clock that says more: one stands still while the machine sleeps, the other can be set back. */
export function stopwatch(): () => number {
  const [wall, monotonic] = [Date.now(), performance.now()];
  return () => Math.max(Math.abs(Date.now() - wall), performance.now() - monotonic);
}
