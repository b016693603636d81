// What there is: holders, one record, one server, and what may go wrong.

/** What may go wrong, and how often. */
export interface Troubles {
  /** A process is frozen in the middle of a send, so that it does not give up in time. */
  readonly pauses: number;
  readonly crashes: number;
  /** An answer gets lost. */
  readonly losses: number;
}

export interface Setting extends Troubles {
  readonly holders: number;
  /** The store's: there is none, it keeps its word, or it is lost at any moment without its owner knowing. */
  readonly lock: "none" | "kept" | "lost";
}

/** One holder, which needs a token set newer than the first. */
export interface Holder {
  /** reads, claims, looks and sends, waits for the answer, saves; or has what it wants, or has to log in. */
  readonly at: "reading" | "claiming" | "looking" | "sending" | "saving" | "done" | "ended";
  /** The token set it goes by: the one it read and would trade, later the one it got. */
  readonly tokens: number;
  /** Nobody has written since it read or wrote the record. */
  readonly current: boolean;
  /** While sending: what it traded, ticks until it gives up, and what the server made of it, once it has. */
  readonly traded?: number;
  readonly left?: number;
  readonly answer?: number | "refused";
  readonly paused?: true;
  /** It was frozen in the middle of a trade: what that brings is as good as lost until it is saved. */
  readonly slept?: true | undefined;
  readonly dead?: true;
}

/** Undefined takes a member away. */
export type Changes = { readonly [Key in keyof Holder]?: Holder[Key] | undefined };

export interface State extends Troubles {
  readonly holders: readonly Holder[];
  /** Token sets are numbered as the server issues them: 0 was stored before. */
  readonly record: {
    readonly tokens: number;
    readonly claim?: { readonly by: number; readonly left: number };
    /** Its refresh token was refused. */
    readonly refused?: true;
  };
  /** The token set whose refresh token the server takes. */
  readonly server: number;
  readonly lockedBy?: number;
  /** What should never have happened. */
  readonly violation?: string;
}

export interface Step {
  readonly label: string;
  readonly next: State;
}

export function initial({ holders, pauses, crashes, losses }: Setting): State {
  const holder: Holder = { at: "reading", tokens: 0, current: false };
  return { holders: Array.from({ length: holders }, () => holder), record: { tokens: 0 }, server: 0, ...{ pauses, crashes, losses } };
}

/** A new record: what others have read is out of date. */
export function write(state: State, record: State["record"]): State {
  return { ...state, record, holders: state.holders.map((holder) => ({ ...holder, current: false })) };
}

export function change(state: State, index: number, changes: Changes): State {
  const holders = state.holders.map((holder, other) => (other === index ? ({ ...holder, ...changes } as Holder) : holder)); // never takes away one that must be there
  return { ...state, holders };
}

export function finish(state: State, index: number): State {
  return state.lockedBy === index ? unlocked(state) : state;
}

export function unlocked({ lockedBy: _, ...state }: State): State {
  return state;
}

export function nameOf(index: number): string {
  return "ABC".charAt(index);
}
