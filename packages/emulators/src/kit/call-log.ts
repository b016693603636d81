/** One request as the server saw it. */
export interface LoggedCall<Op extends string> {
  readonly op: Op;
  /** When it arrived, on the injected clock (never skewed). */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Who it was for, as far as the server could tell. */
  identity?: string;
  /** The access or refresh token it carried. */
  tokenUsed?: string;
  /** The status answered; "network" where the client saw the connection die. */
  status: number | "network" | "pending";
}

/** Every call so far. */
export interface CallLog<Op extends string> {
  readonly calls: readonly LoggedCall<Op>[];
  open(op: Op, at: number, method: string, path: string): LoggedCall<Op>;
  close(call: LoggedCall<Op>, status: number | "network"): void;
  count(op: Op, status?: number | "network"): number;
  clear(): void;
}

/** A log that keeps the last `limit` calls, so that a server may run for days; the counts stay exact. */
export function createCallLog<Op extends string>(limit = 10_000): CallLog<Op> {
  const calls: LoggedCall<Op>[] = [];
  const counts = new Map<string, number>();
  const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

  return {
    calls,
    open: (op, at, method, path) => {
      const call: LoggedCall<Op> = { op, at, method, path, status: "pending" };
      calls.push(call);
      if (calls.length > limit) calls.shift();
      add(op);
      return call;
    },
    close: (call, status) => {
      call.status = status;
      add(`${call.op} ${status}`);
    },
    count: (op, status) => counts.get(status === undefined ? op : `${op} ${status}`) ?? 0,
    clear: () => {
      calls.length = 0;
      counts.clear();
    },
  };
}
