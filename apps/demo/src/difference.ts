/** Member by member, what was counted since. */
export function difference<Counts extends { readonly [Name in keyof Counts]: number }>(after: Counts, before: Counts): Counts {
  const names = Object.keys(after) as (keyof Counts)[]; // all members are counts
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as Counts; // the same members
}
