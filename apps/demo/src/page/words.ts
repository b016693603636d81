import type { AuthEvent, AuthStatus } from "@keyturn/core";

const states: Readonly<Record<AuthStatus["state"], string>> = {
  empty: "No token yet",
  fresh: "Fresh token",
  stale: "Token in its last part: renewed behind the requests",
  expired: "Token expired: requests wait for a new one",
  "logged-out": "Signed out",
};

/** The state of a session, for people. */
export function stateText({ state, renewing }: AuthStatus): string {
  return renewing ? `${states[state]}, renewing` : states[state];
}

/** How long the token still lives, for people. `now` is in ms since the epoch. */
export function countdownText({ state, expiresAt }: AuthStatus, now: number): string {
  if (expiresAt === undefined || state === "logged-out" || state === "empty") return "";
  if (expiresAt === "never") return "never expires";
  return `${Math.max(0, (expiresAt - now) / 1000).toFixed(1)} s left`;
}

/** An event in one line, whole: there are no secrets in it. */
export function eventText({ type, ...facts }: AuthEvent): string {
  const parts = Object.entries(facts).flatMap(([name, value]) => {
    if (value === undefined || name === "expiresAt") return [];
    return [`${name} ${name === "duration" ? `${Math.round(Number(value))} ms` : value}`];
  });
  return [type, ...parts].join(" · ");
}

/** An error of an action, for people. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
