// What there is: instances, one record, one server, and what may go wrong.

/** What may go wrong, and how often. */
export interface Troubles {
  /** A process is frozen in the middle of a send, so that it does not give up in time. */
  readonly pauses: number;
  readonly crashes: number;
  /** An answer gets lost. */
  readonly losses: number;
}

export interface Setting extends Troubles {
  readonly instances: number;
  /** The store's: there is none, it keeps its word, or it is lost at any moment without its owner knowing. */
  readonly lock: "none" | "kept" | "lost";
  /** When a login asks a person: never (there are no logins), instead of a refresh token in doubt, or at once, as there is no refresh token. */
  readonly asks: "never" | "in doubt" | "at once";
}

/** One instance, which needs a token set newer than the first. */
export interface Instance {
  /** It reads, takes the lease, looks and sends, waits for the answer, or asks a person, saves; or has what it wants, or has to log in. */
  readonly at: "reading" | "leasing" | "looking" | "sending" | "asking" | "saving" | "done" | "ended";
  /** The token set it goes by: the one it read and would send, later the one it got. */
  readonly tokens: number;
  /** Nobody has written since it read or wrote the record. */
  readonly current: boolean;
  /** It is to log in by asking a person, instead of sending the refresh token. */
  readonly login?: true | undefined;
  /** From when it sends or asks: which token set was stored then; ticks until it gives up; what the server made of it, once it has. */
  readonly from?: number;
  readonly left?: number;
  readonly answer?: number | "refused";
  readonly paused?: true;
  /** It was frozen in the middle of a token request: what that brings is as good as lost until it is saved. */
  readonly slept?: true | undefined;
  readonly dead?: true;
}

/** Undefined takes a member away. */
export type Changes = { readonly [Key in keyof Instance]?: Instance[Key] | undefined };

/** Token sets are numbered as the server issues them: 0 was stored before. */
export interface StoredRecord {
  readonly tokens: number;
  readonly lease?: { readonly by: number; readonly left: number; readonly asking?: true };
  /** Somebody may have sent the refresh token, and nobody knows what came of it. */
  readonly maybeSpent?: true;
  /** Its refresh token was refused, or the person declined to log in. */
  readonly over?: true;
}

export interface State extends Troubles {
  readonly instances: readonly Instance[];
  readonly record: StoredRecord;
  /** The token set whose refresh token the server takes, as long as nobody logs in anew, and the last one it issued. */
  readonly server: number;
  readonly issued: number;
  readonly lockedBy?: number;
  /** What should never have happened. */
  readonly violation?: string;
}

export interface Step {
  readonly label: string;
  readonly next: State;
}

export function initial({ instances, pauses, crashes, losses }: Setting): State {
  const instance: Instance = { at: "reading", tokens: 0, current: false };
  return {
    instances: Array.from({ length: instances }, () => instance),
    record: { tokens: 0 },
    ...{ server: 0, issued: 0 },
    ...{ pauses, crashes, losses },
  };
}

/** A new record: what others have read is out of date. */
export function write(state: State, record: StoredRecord): State {
  return { ...state, record, instances: state.instances.map((instance) => ({ ...instance, current: false })) };
}

export function change(state: State, index: number, changes: Changes): State {
  const instances = state.instances.map((instance, other) => (other === index ? ({ ...instance, ...changes } as Instance) : instance)); // never takes away one that must be there
  return { ...state, instances };
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

/** Whether somebody else's lease forbids to send, or to ask. */
export function isLeased({ record: { lease } }: State, index: number): boolean {
  return lease !== undefined && lease.by !== index && lease.left > 0;
}

/** What a record goes on saying of its token set. */
export function doubtOf({ maybeSpent }: StoredRecord): Pick<StoredRecord, "maybeSpent"> {
  return maybeSpent ? { maybeSpent } : {};
}
