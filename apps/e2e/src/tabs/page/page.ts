import { type Auth, createAuth, isAuthError } from "@keyturn/core";
import { webStore } from "@keyturn/store-web";
import { connectAuth } from "@keyturn/store-web/worker";
import { type XSignalsCredentials, xsignals } from "@keyturn/xsignals";
import { shiftedClock } from "../../../../../scripts/shifted-clock.ts";
import { type UserName, users } from "./users.ts";

/** How the tabs of a site share their session: in a database, in a worker's memory, or in a worker that has a database. */
export type Mode = "store" | "worker" | "stored worker";

/** What a test may have a tab do. */
export interface TabOffer {
  login(user: UserName): Promise<string>;
  logout(): Promise<string>;
  /** Begins so many requests, and waits for none. */
  begin(count: number): void;
  /** What became of the requests begun so far: the user's name as the server knows it, or a code. */
  outcomes(): Promise<readonly string[]>;
  /** Requests, one after the other, until `outcomes` is asked for. */
  keepAsking(): void;
  /** From now on a request is begun whenever this page is told of a change, right after its session. */
  askAtNotices(): void;
  /** Stands still from when the site says so, until the site lets it go on. */
  freeze(): void;
  advance(ms: number): void;
  /** The same for the worker: so many ms since its tabs began. */
  advanceWorker(shift: number): Promise<void>;
  state(): string;
  keepFresh(): void;
  isHidden(): boolean;
}

const parameters = new URLSearchParams(location.search);
const mode = parameters.get("mode") ?? "store";
const isServed = mode !== "store";
const clock = shiftedClock();
clock.advance(Number(parameters.get("shift")));

const provider = xsignals({ baseUrl: location.origin });
const auth: Auth<XSignalsCredentials> = isServed
  ? connectAuth(provider, () => (mode === "worker" ? startWorker() : startStoredWorker()), { clock })
  : createAuth(provider, { store: webStore("session"), clock });

// Vite wants to see both written out.
function startWorker(): SharedWorker {
  return new SharedWorker(new URL("./auth-worker.ts", import.meta.url), { type: "module" });
}
function startStoredWorker(): SharedWorker {
  return new SharedWorker(new URL("./auth-worker.ts", import.meta.url), { type: "module", name: "stored worker" });
}

let asked: Promise<string>[] = [];
let isAsking = false;

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    return String((await work) ?? "done");
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}

async function request(): Promise<string> {
  const response = await auth.fetch("/protected");
  const { identity = `status ${response.status}` } = response.ok ? await response.json() : {};
  return identity;
}

function ask(): Promise<string> {
  const outcome = outcomeOf(request());
  asked.push(outcome);
  return outcome;
}

const offer: TabOffer = {
  login: (user) => outcomeOf(auth.login(users[user])),
  logout: () => outcomeOf(auth.logout()),
  begin(count) {
    for (let left = count; left > 0; left--) void ask();
  },
  async outcomes() {
    isAsking = false;
    const outcomes = await Promise.all(asked);
    asked = [];
    return outcomes;
  },
  keepAsking() {
    isAsking = true;
    const next = (): unknown => isAsking && ask().then(() => setTimeout(next)); // a refused one settles at once, and would let nothing else run
    next();
  },
  askAtNotices() {
    // The session was here first, so that it hears of a change before this does.
    if (isServed) auth.subscribe(({ type }) => type === "session-ended" && void ask());
    else new BroadcastChannel("keyturn session").addEventListener("message", () => void ask());
  },
  freeze() {
    const standStill = () => {
      const wait = new XMLHttpRequest();
      wait.open("GET", "/thaw", false); // the page's thread waits for the answer
      wait.send();
    };
    void fetch("/freeze").then(standStill);
  },
  advance: (ms) => clock.advance(ms),
  async advanceWorker(shift) {
    const time = new BroadcastChannel("time of the worker");
    const done = new Promise((resolve) => time.addEventListener("message", resolve));
    const tell = () => time.postMessage(shift);
    const telling = setInterval(tell, 100); // a worker that has just ended, and is started anew, hears a later one
    tell();
    await done;
    clearInterval(telling);
    time.close();
  },
  state: () => auth.status.state,
  keepFresh: () => void auth.keepFresh(),
  isHidden: () => document.hidden,
};

Object.assign(globalThis, { tab: offer });
