import type { AnsweredCall } from "../kit/index.ts";

/** Writes one line about each answered call. */
export type LogLine = (call: AnsweredCall) => string;

/** Lines without secrets: a token is known by the number of its first appearance, bodies and queries are left out. */
export function createLogLines(): LogLine {
  const tokens = new Map<string, number>();
  const numberOf = (token: string) => {
    const number = tokens.get(token) ?? tokens.size + 1;
    tokens.set(token, number);
    return number;
  };

  return ({ at, method, path, status, op = "nothing is there", identity, tokenUsed, duration }) => {
    const time = new Date(at).toISOString().slice(11, 23);
    const who = [identity, tokenUsed !== undefined && `token ${numberOf(tokenUsed)}`].filter(Boolean).join(", ");
    const target = `${method} ${printable(path)}`;
    return `${time}  ${String(status).padEnd(7)}  ${target.padEnd(28)}  ${op.padEnd(16)}  ${String(duration).padStart(4)} ms  ${printable(who)}`.trimEnd();
  };
}

/** What a client sent must not write more than its place in the line. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?").slice(0, 120);
}
