import type { Auth, AuthEvent, Fetch, TokenStore } from "@keyturn/core";
import ky from "ky";
import { connectThroughBroker, isBrokered } from "../systems/brokered.ts";
import type { Settings, System } from "../systems/system.ts";
import type { Moment } from "./timeline.ts";

/** A system's session, with everything it does reported as moments. */
export interface PageSession {
  readonly auth: Auth<unknown>;
  /** Asks the API once, as an application would: ky over `auth.fetch`. Rejects as ky does. */
  readonly request: () => Promise<void>;
}

/** Ms of the page's clock. */
export const now = (): number => performance.now();

/** Tells the tries of one request from those of the others. */
const idHeader = "x-demo-request";

/** Connects a system; everything its session does from then on is reported. */
export async function openSession(
  system: System,
  settings: Settings,
  report: (moment: Moment) => void,
  base: Fetch = (input, init) => fetch(input, init),
  store?: TokenStore,
): Promise<PageSession> {
  const watched: Fetch = async (input, init) => {
    const id = Number(input instanceof Request ? input.headers.get(idHeader) : 0);
    if (!id) return base(input, init);
    report({ type: "sent", id, at: now() });
    let status: number | undefined;
    try {
      const response = await base(input, init);
      status = response.status;
      return response;
    } finally {
      report({ type: "answered", id, at: now(), status });
    }
  };

  const options = { fetch: watched, ...(store && { store }) };
  const { auth, baseUrl, path } = isBrokered(settings) ? connectThroughBroker(settings, options) : await system.connect(settings, options);
  auth.subscribe((event) => {
    for (const moment of momentsOf(event, now(), Date.now())) report(moment);
  });
  // Without ky's own retries every second try is keyturn's.
  const api = ky.create({ baseUrl, fetch: auth.fetch, retry: 0 });
  let requests = 0;

  return {
    auth,
    async request() {
      requests += 1;
      const id = requests;
      report({ type: "asked", id, at: now() });
      let ok = false;
      try {
        await api.get(path, { headers: { [idHeader]: String(id) } }).arrayBuffer();
        ok = true;
      } finally {
        report({ type: "settled", id, at: now(), ok });
      }
    },
  };
}

/** What an event means on the time axis. `wallClock` is the same instant as `at`, in ms since the epoch. */
function momentsOf(event: AuthEvent, at: number, wallClock: number): Moment[] {
  switch (event.type) {
    case "grant-started":
      return [{ type: "renewal-started", at, grant: event.grant, reason: event.reason }];
    case "grant-failed":
      return [{ type: "renewal-ended", at, ok: false }];
    case "token-shared":
    case "token-issued": {
      const { expiresAt, reason } = event;
      // Without a reason another holder's token came in by itself.
      const ended: Moment[] = reason
        ? [{ type: "renewal-ended", at, ok: true, ...(event.type === "token-shared" && { adopted: true }) }]
        : [];
      return typeof expiresAt === "number" ? [...ended, { type: "token", at, expiresAt: at + expiresAt - wallClock }] : ended;
    }
    default:
      return [];
  }
}
