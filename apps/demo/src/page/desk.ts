import type { AuthStatus } from "@keyturn/core";
import { difference } from "../difference.ts";
import type { Settings, System } from "../systems/system.ts";
import type { Backend } from "./backend.ts";
import { type Counts, countEvent, countMoment, noCounts } from "./counters.ts";
import type { openSession, PageSession } from "./session.ts";
import { advance, emptyTimeline, nextScene, type Timeline } from "./timeline.ts";
import { errorText, eventText } from "./words.ts";

/** What the page stands on. */
export interface DeskParts {
  readonly settings: Readonly<Record<string, Settings>>;
  readonly backend: Backend;
  readonly open: typeof openSession;
  /** Ms of the page's clock. */
  readonly now: () => number;
  /** Repeats something until the returned function is called. */
  readonly every: (ms: number, work: () => void) => () => void;
}

/** All there is to show; replaced whole with each change, so that a comparison tells whether there was one. */
export interface View {
  readonly system: System;
  readonly status: AuthStatus;
  readonly timeline: Timeline;
  readonly page: Counts;
  readonly server: Counts;
  /** The latest last. */
  readonly events: readonly string[];
  /** Why the last action failed, or nothing. */
  readonly problem: string;
  readonly isSteady: boolean;
}

/** The buttons of the page. None of them rejects: what fails is shown. */
export interface Desk {
  readonly view: View;
  choose(system: System): Promise<void>;
  logIn(): Promise<void>;
  burst(): Promise<void>;
  expire(): Promise<void>;
  /** Begins steady traffic, or ends it. */
  toggleSteady(): void;
  logOut(): Promise<void>;
}

const burstSize = 50;
const steadyInterval = 120;
const pollInterval = 500;
const keptEvents = 30;
const noStatus: AuthStatus = { state: "empty", renewing: false };

/** The page's state and what changes it; knows no document. */
export function createDesk(parts: DeskParts, first: System): Desk {
  const { backend, now, every } = parts;
  let view = emptyView(first);
  let opening: Promise<PageSession> | undefined;
  let session: PageSession | undefined;
  let before: Counts = noCounts;
  let stops: (() => void)[] = [];

  function show(change: Partial<View>): void {
    view = { ...view, ...change };
  }

  /** Reports of a system that is no longer shown are nobody's business. */
  async function openFor(system: System): Promise<PageSession> {
    const isShown = () => view.system === system;
    const opened = await parts.open(system, parts.settings[system.name] ?? {}, (moment) => {
      if (isShown()) show({ timeline: advance(view.timeline, moment), page: countMoment(view.page, moment), ...statusNow() });
    });
    if (!isShown()) return opened;
    session = opened;
    opened.auth.subscribe((event) => {
      if (isShown())
        show({ page: countEvent(view.page, event), events: [...view.events, eventText(event)].slice(-keptEvents), ...statusNow() });
    });
    return opened;
  }

  const statusNow = (): Pick<View, "status"> => ({ status: session?.auth.status ?? noStatus });

  function current(): Promise<PageSession> {
    const { system } = view;
    opening ??= openFor(system).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function countServer(): Promise<void> {
    const { system } = view;
    const counts = await backend.counts(system.name);
    if (view.system === system) show({ server: difference(counts, before), ...statusNow() });
  }

  /** Runs what a button stands for. */
  async function act(work: () => Promise<unknown>): Promise<void> {
    const { system } = view;
    show({ problem: "" });
    const problem = await work().then(() => "", errorText);
    if (view.system !== system) return;
    show({ problem, ...statusNow() });
    await countServer().catch((error: unknown) => show({ problem: errorText(error) }));
  }

  function stopSteady(): void {
    for (const stop of stops) stop();
    stops = [];
    show({ isSteady: false });
  }

  return {
    get view() {
      return view;
    },

    async choose(system) {
      stopSteady();
      void session?.auth.close();
      opening = undefined;
      session = undefined;
      view = emptyView(system);
      await act(async () => {
        before = await backend.counts(system.name);
      });
    },

    logIn: () =>
      act(async () => {
        show({ timeline: nextScene(view.timeline) });
        await (await current()).auth.login();
      }),

    burst: () =>
      act(async () => {
        show({ timeline: nextScene(view.timeline) });
        const { request } = await current();
        const results = await Promise.allSettled(Array.from({ length: burstSize }, request));
        const failures = results.filter((result) => result.status === "rejected");
        if (failures[0]) throw new Error(`${failures.length} of ${burstSize} requests failed, with ${errorText(failures[0].reason)}`);
      }),

    expire: () =>
      act(async () => {
        await backend.expire(view.system.name);
        show({ timeline: advance(view.timeline, { type: "ended", at: now(), label: "expired on the server" }) });
      }),

    toggleSteady() {
      if (view.isSteady) return stopSteady();
      show({ isSteady: true, timeline: nextScene(view.timeline) });
      const send = () =>
        void current()
          .then(({ request }) => request())
          .catch((error: unknown) => show({ problem: errorText(error) }));
      stops = [every(steadyInterval, send), every(pollInterval, () => void countServer().catch(() => {}))];
    },

    logOut: () =>
      act(async () => {
        stopSteady();
        await (await current()).auth.logout();
        show({ timeline: advance(view.timeline, { type: "ended", at: now(), label: "logged out" }) });
      }),
  };
}

function emptyView(system: System): View {
  return {
    ...{ system, status: noStatus, timeline: emptyTimeline, page: noCounts, server: noCounts },
    ...{ events: [], problem: "", isSteady: false },
  };
}
