import { AuthError, type AuthErrorCode, type AuthEvent } from "@keyturn/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, type Vendor, vendors } from "./vendors.fixture.ts";

const renewalTimeout = 8_000;
const exchangeLimit = 16_000;
const longestFirstMemo = 1_500;

interface Disorder {
  readonly what: string;
  readonly answer: (request: Request) => Response | Promise<Response>;
  readonly code: AuthErrorCode;
}

const text =
  (body: string, type: string, status = 200) =>
  () =>
    new Response(body, { status, headers: { "content-type": type } });
const page = "<html><title>Sorry</title></html>";

/** What stands between a session and its tokens on a bad day. */
const disorders: readonly Disorder[] = [
  { what: "an HTML page with status 200", answer: text(page, "text/html"), code: "token-response-malformed" },
  { what: "an empty 200", answer: () => new Response(null), code: "token-response-malformed" },
  { what: "JSON without tokens", answer: text('{"status":"ok"}', "application/json"), code: "token-response-malformed" },
  {
    what: "an error of AWS's front end with status 200",
    answer: text('{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}', "application/json"),
    code: "token-response-malformed",
  },
  { what: "a redirect", answer: () => Response.redirect("https://elsewhere.test/", 307), code: "token-request-failed" },
  { what: "a 502 of a proxy", answer: text(page, "text/html", 502), code: "token-request-failed" },
  { what: "no answer at all", answer: untilAborted, code: "renewal-timeout" },
];

function untilAborted({ signal }: Request): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => process.on("unhandledRejection", note));
afterEach(() => process.off("unhandledRejection", note));

/** 20 calls at once, and how they ended when the renewal timeout was over. */
async function outcomes({ clock, call, control, disturb }: Running, answer: Disorder["answer"], refusedFirst: boolean) {
  const refusals = control.hold("api", { when: "after" });
  const asked = new Promise<void>((resolve) => {
    disturb((request) => {
      resolve();
      return answer(request);
    });
  });
  const calls = Promise.allSettled(Array.from({ length: 20 }, call));
  if (refusedFirst) await refusals.arrived(20); // all have lost their token before time goes on
  refusals.release();
  await asked;
  await clock.advance(renewalTimeout);
  return calls;
}

function expectFailures(results: readonly PromiseSettledResult<Response>[], code: AuthErrorCode): void {
  const reasons = results.map((result) => (result.status === "rejected" ? result.reason : result));
  expect(reasons).toHaveLength(20);
  for (const reason of reasons) {
    expect(reason).toBeInstanceOf(AuthError);
    expect(reason).toMatchObject({ code });
  }
}

/** The server is itself again, and what was learnt of it is out of date. */
async function recover({ clock, disturb }: Running): Promise<void> {
  disturb();
  await clock.advance(exchangeLimit - renewalTimeout + longestFirstMemo);
}

function renewals({ login, renewsBy }: Vendor, { control }: Running) {
  return { logins: control.count(login), refreshes: renewsBy === "refresh" ? control.count("refresh") : 0 };
}

describe.each(vendors)("$name", (vendor) => {
  describe.each(disorders)("whose token endpoint answers with $what", ({ answer, code }) => {
    it("leaves 20 calls of an empty session with one typed error, and the next call with a token", async () => {
      const running = vendor.start();
      const events: AuthEvent[] = [];
      running.auth.subscribe((event) => events.push(event));

      expectFailures(await outcomes(running, answer, false), code);
      expect(running.control.count("api")).toBe(0);
      await recover(running);

      expect(running.auth.status.state).toBe("empty");
      expect((await running.call()).status).toBe(200);
      expect(renewals(vendor, running)).toEqual({ logins: 1, refreshes: 0 });
      const started = events.filter(({ type }) => type === "grant-started");
      expect(started).toHaveLength(2);
      expect(running.sent.map(({ url }) => new URL(url).host)).not.toContain("elsewhere.test");
      expect(unhandled).toEqual([]);
    });

    it("leaves a session that renews unharmed", async () => {
      const running = vendor.start();
      await running.call();
      running.control.expireAccess();

      expectFailures(await outcomes(running, answer, true), code);
      await recover(running);

      expect((await running.call()).status).toBe(200);
      const byRefresh = vendor.renewsBy === "refresh";
      expect(renewals(vendor, running)).toEqual({ logins: byRefresh ? 1 : 2, refreshes: byRefresh ? 1 : 0 });
      expect(running.sent.map(({ url }) => new URL(url).host)).not.toContain("elsewhere.test");
      expect(unhandled).toEqual([]);
    });
  });
});
