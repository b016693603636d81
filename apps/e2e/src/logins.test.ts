import { CredentialsRejectedError, createAuth, LoggedOutError } from "@keyturn/core";
import { xsignals } from "@keyturn/xsignals";
import { describe, expect, it } from "vitest";
import { platformIoVendor, type Running, vendors, xsignalsVendor } from "./vendors.fixture.ts";

const people = vendors.filter(({ account }) => account !== undefined);

const burst = <Value>(count: number, call: () => Promise<Value>) => Promise.all(Array.from({ length: count }, call));
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const statuses = async (count: number, { call }: Running) => new Set((await burst(count, call)).map(({ status }) => status));

describe.each(vendors)("$name", (vendor) => {
  it("[1] [2] logs in once for 50 calls, and renews once for 50 that are refused", async () => {
    const running = vendor.start();
    const { control } = running;
    expect(await statuses(50, running)).toEqual(new Set([200]));
    expect(control.count(vendor.login)).toBe(1);

    control.expireAccess();
    expect(await statuses(50, running)).toEqual(new Set([200]));
    expect(control.count("api", 401)).toBe(50);
    const byRefresh = vendor.renewsBy === "refresh";
    expect([control.count(vendor.login), control.count("refresh")]).toEqual(byRefresh ? [1, 1] : [2, 0]);
  });

  it("[89] never sends two schemes in one request", async () => {
    const { auth, call, control, sent } = vendor.start();
    await call();
    control.expireAccess();
    await call();
    await auth.logout();
    const sentHeaders = sent.map(({ headers }) => headers.get("authorization")).filter((value) => value !== null);
    expect(sentHeaders.length).toBeGreaterThanOrEqual(3);
    for (const header of sentHeaders) expect(header).toMatch(/^(Basic|Bearer) [^\s,]+$/);
    expect(sent.filter(({ url }) => /[?&](access_)?token=|\/\/[^/]*@/.test(url))).toEqual([]);
  });
});

describe.each(people)("$name", (vendor) => {
  it("[83] tries a wrong password once, however many requests wait", async () => {
    const running = vendor.start({ credentials: "refused" });
    const { control, call } = running;
    const door = control.hold(vendor.login);
    const waiting = burst(100, () => rejection(call()));
    await door.arrived(1);
    door.release();
    const late = await burst(100, () => rejection(call()));
    const errors = [...(await waiting), ...late];

    expect(errors.filter((error) => !(error instanceof CredentialsRejectedError))).toEqual([]);
    expect(control.count(vendor.login)).toBe(1);
    expect(control.failedLogins(String(vendor.account))).toBe(1);
    expect(control.count("api")).toBe(0);
    expect(running.auth.status.state).toBe("logged-out");
  });
});

describe("platform.io", () => {
  it("[88] takes one login for 1,000 calls on a cold session", async () => {
    const running = platformIoVendor({ knobs: { requestsPerMinute: 1_001 } }).start();
    expect(await statuses(1_000, running)).toEqual(new Set([200]));
    expect([running.control.count("login"), running.control.count("api")]).toEqual([1, 1_000]);
  });
});

describe("xsignals", () => {
  it("[89] sends a user name and a password beyond ASCII as UTF-8", async () => {
    const user = { username: "jürgen@example.com", password: "Größe-9€-馬" };
    const { call, sent } = xsignalsVendor({ knobs: { users: [user] } }).start();
    expect((await call()).status).toBe(200);
    const bytes = Buffer.from(`${user.username}:${user.password}`, "utf8").toString("base64");
    expect(sent[0]?.headers.get("authorization")).toBe(`Basic ${bytes}`);
  });

  it.each([
    ["keep", "Basic"],
    ["replace", "Bearer"],
  ] as const)(
    "[89] [101] with authorizationHeader: %s sends %s alone where the caller has set Basic",
    async (authorizationHeader, scheme) => {
      const { auth, api, sent } = xsignalsVendor().start({ authorizationHeader });
      const basic = { headers: { authorization: `Basic ${btoa("ann@example.com:Correct-Horse-9!")}` } };
      await auth.fetch(api, basic);
      await auth.fetch(new Request(api, basic));
      const seen = sent.filter(({ url }) => url === api).map(({ headers }) => headers.get("authorization"));
      expect(seen).toHaveLength(2);
      for (const header of seen) expect(header).toMatch(new RegExp(`^${scheme} [^ ,]+$`));
    },
  );

  it("[89] refuses a colon in a user name before anything is sent", async () => {
    const sent: unknown[] = [];
    const fetch = async (input: unknown) => {
      sent.push(input);
      return new Response();
    };
    const credentials = { username: "ann:example", password: "Correct-Horse-9!" };
    expect(() => createAuth(xsignals(), { credentials, fetch })).toThrow(TypeError);
    await expect(createAuth(xsignals(), { fetch }).login(credentials)).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });
});

describe.each(vendors.filter(({ revokes }) => revokes))("$name", (vendor) => {
  it.each<readonly [string, () => Response]>([
    ["an empty 200", () => new Response(null)],
    ["{}", () => Response.json({})],
    ["204", () => new Response(null, { status: 204 })],
    [
      "a network error",
      () => {
        throw new TypeError("fetch failed");
      },
    ],
  ])("[85] forgets the session at logout, also if the server answers with %s", async (_what, answer) => {
    const { auth, call, control, disturb, sent } = vendor.start();
    await call();
    const before = sent.length;
    disturb(answer);
    await auth.logout();
    expect(sent.length).toBeGreaterThan(before);
    expect(await rejection(call())).toBeInstanceOf(LoggedOutError);
    expect(auth.status).toMatchObject({ state: "logged-out", renewing: false });
    expect(control.count("api")).toBe(1);
  });
});
