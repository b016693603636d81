/** What runs in a page. Only its source is sent there: it sees nothing of the test but its arguments. */
export type PageFunction<Arguments extends readonly unknown[], Result> = (...args: Arguments) => Result | Promise<Result>;

/** A page. All tabs of a browser share its storage, locks and channels. */
export interface Tab {
  /** Loads an address, or the same one anew, and waits until it is loaded. */
  goto(url: string): Promise<void>;
  /** Runs a function in the page, beside whatever other tabs run. Arguments and result travel as JSON; what it throws rejects here. */
  evaluate<Arguments extends readonly unknown[], Result>(work: PageFunction<Arguments, Result>, ...args: Arguments): Promise<Result>;
  close(): Promise<void>;
}

/** A running browser with a profile of its own, which is gone when it is closed. */
export interface Browser {
  readonly version: string;
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

/** A browser that this machine may have. */
export interface Engine {
  readonly name: string;
  /** False where it is not installed. */
  readonly installed: boolean;
  launch(): Promise<Browser>;
}

/** The call of a function as an expression that any page can evaluate. */
export function expressionOf(work: unknown, args: readonly unknown[]): string {
  return `(${String(work)})(...${JSON.stringify(args)})`;
}
