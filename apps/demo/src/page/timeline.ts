import type { Grant, GrantReason } from "@keyturn/core";

/** Something that happened, at ms of the page's clock. A request is known by its id; "ended" is the end of all tokens there are. */
export type Moment = { readonly at: number } & (
  | { readonly type: "asked"; readonly id: number }
  | { readonly type: "sent"; readonly id: number }
  | { readonly type: "answered"; readonly id: number; readonly status: number | undefined }
  | { readonly type: "settled"; readonly id: number; readonly ok: boolean }
  | { readonly type: "renewal-started"; readonly grant: Grant; readonly reason: GrantReason }
  | { readonly type: "renewal-ended"; readonly ok: boolean; readonly adopted?: true }
  | { readonly type: "token"; readonly expiresAt: number }
  | { readonly type: "ended"; readonly label: string }
);

/** One time a request went to the API. Without a status no answer came. */
export interface Try {
  readonly sentAt: number;
  readonly answeredAt?: number;
  readonly status?: number;
}

/** One request of the application, from its call to its end. */
export interface Bar {
  readonly id: number;
  readonly askedAt: number;
  readonly tries: readonly Try[];
  readonly settledAt?: number;
  readonly ok?: boolean;
}

export interface Renewal {
  readonly grant: Grant;
  readonly reason: GrantReason;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly ok?: boolean;
  /** It ended with what another holder got. */
  readonly adopted?: true;
}

/** What there is to draw. */
export interface Timeline {
  readonly bars: readonly Bar[];
  readonly renewals: readonly Renewal[];
  readonly tokens: readonly { readonly issuedAt: number; readonly expiresAt: number }[];
  readonly marks: readonly { readonly at: number; readonly label: string }[];
}

export const emptyTimeline: Timeline = { bars: [], renewals: [], tokens: [], marks: [] };

/** The timeline after a moment. */
export function advance(timeline: Timeline, moment: Moment): Timeline {
  const { at } = moment;
  switch (moment.type) {
    case "asked":
      return { ...timeline, bars: [...timeline.bars, { id: moment.id, askedAt: at, tries: [] }] };
    case "sent":
      return change(timeline, moment.id, (bar) => ({ ...bar, tries: [...bar.tries, { sentAt: at }] }));
    case "answered":
      return change(timeline, moment.id, (bar) => ({ ...bar, tries: answered(bar.tries, at, moment.status) }));
    case "settled":
      return change(timeline, moment.id, (bar) => ({ ...bar, settledAt: at, ok: moment.ok }));
    case "renewal-started":
      return { ...timeline, renewals: [...timeline.renewals, { grant: moment.grant, reason: moment.reason, startedAt: at }] };
    case "renewal-ended":
      return {
        ...timeline,
        renewals: replaceLast(timeline.renewals, (renewal) => ({
          ...renewal,
          endedAt: at,
          ok: moment.ok,
          ...(moment.adopted && { adopted: true }),
        })),
      };
    case "token":
      return { ...timeline, tokens: [...timeline.tokens, { issuedAt: at, expiresAt: moment.expiresAt }] };
    case "ended":
      return {
        ...timeline,
        marks: [...timeline.marks, { at, label: moment.label }],
        tokens: timeline.tokens.map((token) => ({ ...token, expiresAt: Math.min(token.expiresAt, at) })),
      };
  }
}

/** Room for something new: what is over goes, but for the tokens, and for marks set after everything else. */
export function nextScene({ bars, renewals, tokens, marks }: Timeline): Timeline {
  const lastEnd = Math.max(0, ...bars.map(({ settledAt = 0 }) => settledAt), ...renewals.map(({ endedAt = 0 }) => endedAt));
  return { bars: [], renewals: [], tokens, marks: marks.filter(({ at }) => at >= lastEnd) };
}

/** What became of the requests, in one sentence. */
export function summaryOf({ bars, renewals }: Timeline): string {
  if (bars.length + renewals.length === 0) return "No request yet. The first one logs in by itself.";
  const resent = bars.filter(({ tries }) => tries.length > 1).length;
  const failed = bars.filter(({ ok }) => ok === false).length;
  const waiting = bars.filter(({ settledAt }) => settledAt === undefined).length;
  const logins = renewals.filter(({ reason }) => reason === "empty" || reason === "login").length;
  const parts = [
    counted(bars.length, "request"),
    logins > 0 && counted(logins, "login"),
    counted(renewals.length - logins, "renewal"),
    resent > 0 && `${resent} re-sent after a 401`,
    failed > 0 && `${failed} failed`,
    waiting > 0 && `${waiting} under way`,
    bars.length > 0 && waiting === 0 && `slowest ${Math.round(slowest(bars))} ms`,
  ];
  return `${parts.filter((part) => part !== false).join(", ")}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function slowest(bars: readonly Bar[]): number {
  return Math.max(...bars.map(({ askedAt, settledAt = askedAt }) => settledAt - askedAt));
}

function change(timeline: Timeline, id: number, to: (bar: Bar) => Bar): Timeline {
  return { ...timeline, bars: timeline.bars.map((bar) => (bar.id === id ? to(bar) : bar)) };
}

function answered(tries: readonly Try[], at: number, status: number | undefined): readonly Try[] {
  return replaceLast(tries, (last) => ({ ...last, answeredAt: at, ...(status !== undefined && { status }) }));
}

function replaceLast<Item>(items: readonly Item[], by: (last: Item) => Item): readonly Item[] {
  return items.map((item, index) => (index === items.length - 1 ? by(item) : item));
}
