/** One source for any number of watchers: it starts with the first and stops with the last. */
export function shared(follow: (onChange: () => void) => () => void): (onChange: () => void) => () => void {
  const watchers = new Set<{ readonly onChange: () => void }>();
  let stop: (() => void) | undefined;
  return (onChange) => {
    const watcher = { onChange };
    watchers.add(watcher);
    stop ??= follow(() => {
      for (const each of watchers) each.onChange();
    });
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      stop?.();
      stop = undefined;
    };
  };
}
