import type { Auth, AuthError } from "@keyturn/core";
import type { User } from "./issuer.ts";
import type { Laws } from "./laws.ts";
import type { Sender } from "./ledger.ts";
import type { Core } from "./load-core.ts";
import { createProcess, type Process, type Request, type Turn } from "./process.ts";
import type { InstancePlan } from "./schedule.ts";
import { origin, type Server } from "./server.ts";
import type { SharedStore } from "./store.ts";
import type { Time } from "./time.ts";

/** Calls of the application that wait for their end, and those it can still abort. */
export interface Calls {
  readonly open: Set<{ readonly label: string; readonly process: Process; readonly request: Request }>;
  readonly abortable: AbortController[];
  count: number;
}

type Call = Calls["open"] extends Set<infer One> ? One : never;

/** Where an instance lives. */
export interface Surroundings {
  readonly core: Core;
  readonly time: Time;
  readonly turn: Turn;
  readonly laws: Laws;
  readonly server: Server;
  /** Absent: its session lives in memory. */
  readonly store: SharedStore | undefined;
  readonly calls: Calls;
  breaks(law: string): void;
}

/** One session in a process of its own, and what its application does with it. */
export interface Instance {
  readonly process: Process;
  readonly plan: InstancePlan;
  /** These three answer the status, "done", or the code of the error. */
  fetch(refused?: boolean): Promise<string>;
  renew(): Promise<string>;
  invalidate(): void;
  login(user: User): Promise<string>;
  logout(): void;
  close(): void;
  crash(): void;
  freeze(): void;
  /** One of its latest calls ends, and nothing of what it began goes on. */
  endRequest(which: number): void;
  /** It has no reason to ask for a login. */
  mustGoOn(): boolean;
}

const passwords = { ada: "correct horse", ben: "battery staple" };

export function openInstance(name: string, plan: InstancePlan, surroundings: Surroundings): Instance {
  const { core, time, turn, laws, server, store, calls, breaks } = surroundings;
  const process = createProcess(name, time, plan.skew, turn);
  const latest: Request[] = [];
  let closed = false;
  const logins = new Map<User, object>();
  const sender: Sender = { process, loginWith: (credentials) => logins.get(credentials) };
  laws.enter(sender, plan.credentials === "given" || plan.credentials === "wrong" ? plan.username : undefined, plan.credentials !== "none");

  const own: User = { username: plan.username, password: plan.credentials === "wrong" ? "wrong" : passwords[plan.username] };
  const credentials = {
    none: {},
    given: { credentials: own },
    wrong: { credentials: own },
    "asked for": {
      async credentials() {
        laws.applicationCode(sender);
        await process.turn("credentials");
        return own;
      },
    },
  }[plan.credentials];
  const options = { fetch: server.fetchOf(sender), ...(store && { store: store.of(sender) }), clock: process.clock, ...credentials };
  const auth: Auth<User> = core.createAuth(server.providerOf(sender), options);
  auth.subscribe((event) => laws.event(sender, event));

  /** Notes that the application waits. Only an error of ours, or one of its own making, is a fair end. */
  const follow = (label: string, work: () => Promise<unknown>, isFair?: (error: unknown) => boolean): Promise<string> =>
    process.request((request) => {
      latest.unshift(request);
      return outcomeOf({ label: `${name}: ${label}`, process, request }, work(), isFair);
    });

  async function outcomeOf(call: Call, work: Promise<unknown>, isFair: (error: unknown) => boolean = () => false): Promise<string> {
    calls.open.add(call);
    try {
      const result = await work;
      return result instanceof Response ? String(result.status) : "done";
    } catch (error) {
      if (isFair(error)) return "aborted";
      const { code } = error as Partial<AuthError>; // only looked at
      const odd = code === "misconfigured" || code === "token-response-malformed" || (code === "closed" && !closed);
      if (!core.isAuthError(error) || odd) breaks(`[39] ${call.label} rejects with ${error}`);
      return String(code);
    } finally {
      calls.open.delete(call);
    }
  }

  return {
    process,
    plan,
    fetch(refused = false) {
      const url = `${origin}/${++calls.count}${refused ? "/refused" : ""}`;
      const own = new AbortController();
      calls.abortable.push(own);
      laws.call(sender, url);
      const isOwn = (error: unknown) => error === own.signal.reason || (error as Error).message === "fetch failed";
      return follow("fetch", () => auth.fetch(url, { signal: own.signal }), isOwn);
    },
    renew: () => follow("getToken({ renew: true })", () => auth.getToken({ renew: true })),
    invalidate() {
      const report = (accessToken: string) => {
        laws.refused(accessToken);
        auth.invalidate(accessToken);
      };
      void follow("getToken()", () => auth.getToken().then(({ accessToken }) => report(accessToken)));
    },
    login(user) {
      const given = { ...user };
      const login = {};
      logins.set(given, login);
      laws.loginBegins(sender, login, user.username);
      return follow("login", () => {
        const work = auth.login(given).finally(() => logins.delete(given)); // from then on they are the session's own
        work.then(
          () => {
            laws.gotBy(sender, login);
            laws.loginEnds(sender, login, true);
          },
          ({ code }) => laws.loginEnds(sender, login, code === "renewed-token-expired"), // which is kept for its refresh token
        );
        return work;
      });
    },
    logout() {
      const done = laws.logout(sender);
      void follow("logout", () => auth.logout().then(done));
    },
    close() {
      closed = true;
      laws.closes(sender);
      void follow("close", () => auth.close());
    },
    crash() {
      laws.disturbed(sender);
      process.die();
      store?.lock.drop(sender);
      for (const call of calls.open) if (call.process === process) calls.open.delete(call);
    },
    endRequest(which) {
      const request = latest[which % Math.max(1, latest.length)];
      if (!request) return;
      laws.disturbed(sender);
      request.ended = true;
      laws.requestEnds(sender);
      for (const call of calls.open) if (call.request === request) calls.open.delete(call);
    },
    mustGoOn: () => laws.mustGoOn(sender),
    freeze() {
      laws.disturbed(sender);
      process.freeze();
    },
  };
}
