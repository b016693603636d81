import type { Dirent } from "node:fs";

/** The files of one kind in a folder. */
export interface Numbers {
  /** Of its files. */
  readonly files: readonly number[];
  /** The highest of them, or 0. */
  readonly last: number;
  /** The highest number that no file can be created with: something else may have the name, such as a link or a folder. */
  readonly taken: number;
}

export type Kind = "json" | "lock" | "damaged";

/** No file has a higher number: a session that is saved every second gets there in 31 years. */
const highest = 999_999_999;
const form = /^([1-9]\d{0,8})\.(?:(json|lock)|[\da-f]{8}\.(damaged))$/;
const draftForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.draft$/;

/** Reads the names a store gives its files, and no others. */
export function numbersIn(found: Iterable<Pick<Dirent, "name" | "isFile">>): Readonly<Record<Kind, Numbers>> {
  const kinds = { json: none(), lock: none(), damaged: none() };
  for (const entry of found) {
    const name = partsOf(entry.name);
    if (!name) continue;
    const numbers = kinds[name.kind];
    numbers.taken = Math.max(numbers.taken, name.number);
    if (!entry.isFile()) continue;
    numbers.files.push(name.number);
    numbers.last = Math.max(numbers.last, name.number);
  }
  return kinds;
}

function none(): { files: number[]; last: number; taken: number } {
  return { files: [], last: 0, taken: 0 };
}

export function partsOf(name: string): { readonly number: number; readonly kind: Kind } | undefined {
  const [, digits, kind, damaged] = form.exec(name) ?? [];
  return digits ? { number: Number(digits), kind: (kind ?? damaged) as Kind } : undefined; // one of the two groups has matched, and names a kind
}

export const isDraft = (name: string): boolean => draftForm.test(name);

/** The name that follows `taken`. */
export function nameAfter(taken: number, kind: "json" | "lock"): string {
  if (taken >= highest)
    throw new Error(`a file numbered ${taken} is in the folder, and none comes after it; remove that, or the whole folder`);
  return `${taken + 1}.${kind}`;
}
