import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumFlags, findChromium } from "../../../scripts/chromium.ts";
import { artifacts } from "../../../scripts/workspace.ts";
import { type Demo, startDemo } from "./demo.fixture.ts";

const executablePath = findChromium();

/** Of the emulators' tokens, so long that none is renewed for any other reason than the test's. */
const seconds = "600";

let demo: Demo;
let browser: Browser;
let url = "";

/** The page with a system chosen, and what Chromium itself found wrong with it. */
async function open(system: string): Promise<{ page: Page; errors: string[]; origins: Set<string> }> {
  const page = await browser.newPage({ viewport: { width: 1180, height: 1000 } });
  const errors: string[] = [];
  const origins = new Set<string>();
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("request", (request) => origins.add(new URL(request.url()).hostname));
  await page.goto(url);
  await page.getByRole("radio", { name: system }).check({ force: true });
  return { page, errors, origins };
}

async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  await expect.poll(() => locator.textContent(), { timeout: 30_000 }).toMatch(text);
}

const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name }).click();
const summary = (page: Page) => page.locator("#summary");
const state = (page: Page) => page.getByRole("status", { name: "State of the session" });

type Counts = Record<"calls" | "logins" | "refreshes" | "unauthorized" | "failures", number>;

/** A meter of what the emulator itself counts from now on. */
async function countsOf(system: string): Promise<() => Promise<Counts>> {
  const total = async (): Promise<Counts> => (await fetch(new URL(`/control/${system}/counts`, url))).json();
  const start = await total();
  return async () => {
    const { calls, logins, refreshes, unauthorized, failures } = await total();
    return {
      calls: calls - start.calls,
      logins: logins - start.logins,
      refreshes: refreshes - start.refreshes,
      unauthorized: unauthorized - start.unauthorized,
      failures: failures - start.failures,
    };
  };
}

describe.skipIf(!executablePath)("the page in Chromium (skipped where none is installed; CHROMIUM_PATH names one)", () => {
  beforeAll(async () => {
    demo = await startDemo(["--serve", "--lifetime", seconds]);
    url = demo.url;
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...chromiumFlags] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    expect(await demo.stop()).toEqual([0, null]);
  });

  it.each([
    { name: "xfa", title: "XFA Cognito", renewal: "refreshes" },
    { name: "xsignals", title: "XSignals Basic", renewal: "refreshes" },
    { name: "xsignals-sso", title: "XSignals SSO", renewal: "refreshes" },
    { name: "platform-io", title: "platform.io", renewal: "logins" },
    { name: "finapi", title: "finAPI", renewal: "refreshes" },
    { name: "oloid", title: "OLOID", renewal: "logins" },
    { name: "oauth2", title: "OAuth 2", renewal: "logins" },
  ])("logs in to $name, renews once for a burst after the expiry, and logs out", { timeout: 60_000 }, async ({ name, title, renewal }) => {
    const counts = await countsOf(name);
    const { page, errors, origins } = await open(title);
    await press(page, "Log in");
    await expectText(state(page), "Fresh token");
    expect(await counts()).toEqual({ calls: 0, logins: 1, refreshes: 0, unauthorized: 0, failures: 0 });

    await press(page, "Burst of 50");
    await expectText(summary(page), /^50 requests, 0 renewals, slowest/);
    expect(await counts()).toEqual({ calls: 50, logins: 1, refreshes: 0, unauthorized: 0, failures: 0 });

    await press(page, "Expire token on the server");
    await press(page, "Burst of 50");
    await expectText(summary(page), /^50 requests, 1 renewal, 50 re-sent after a 401, slowest/);
    const afterRenewal = {
      calls: 150,
      logins: renewal === "logins" ? 2 : 1,
      refreshes: renewal === "logins" ? 0 : 1,
      unauthorized: 50,
      failures: 0,
    };
    expect(await counts()).toEqual(afterRenewal);

    await press(page, "Log out");
    await expectText(state(page), "Signed out");
    await press(page, "Burst of 50");
    await expectText(page.getByRole("alert"), /^50 of 50 requests failed, with LoggedOutError/);
    expect(await counts()).toEqual(afterRenewal);
    expect(errors).toEqual([]);
    expect([...origins]).toEqual(["127.0.0.1"]);
    await page.close();
  });

  it("draws the refused tries, the one renewal and the re-sends", { timeout: 60_000 }, async () => {
    const { page } = await open("XFA Cognito");
    await press(page, "Burst of 50");
    await expectText(summary(page), /^50 requests, 1 login, 0 renewals, slowest/);
    await press(page, "Expire token on the server");
    await press(page, "Burst of 50");
    await expectText(summary(page), /re-sent after a 401, slowest/);
    const drawn = async (kind: string) => page.locator(`#chart rect.${kind}`).count();
    expect([await drawn("refused"), await drawn("renewal"), await drawn("re-send")]).toEqual([50, 1, 50]);

    await page.screenshot({ path: join(artifacts, "page.png"), fullPage: true });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(artifacts, "page-dark.png"), fullPage: true });
    await page.close();
  });

  it.each([
    ["finAPI", /no CORS.*This page's own server does/],
    ["platform.io", /does not belong in a page\. This page's own server has it/],
  ])("says why the page gets its tokens of %s from its own server, and knows no secret", { timeout: 60_000 }, async (system, why) => {
    const { page, errors } = await open(system);
    await expectText(page.locator("#note"), why);
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postData() ?? ""));
    await press(page, "Log in");
    await expectText(state(page), "Fresh token");
    expect(bodies.join()).not.toMatch(/secret|password|Horse/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("can be used by keyboard alone", { timeout: 60_000 }, async () => {
    const { page } = await open("XFA Cognito");
    await page.getByRole("radio", { name: "XFA Cognito" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("radio", { name: "XSignals Basic" }).isChecked()).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.locator("button:focus").textContent()).toBe("Log in");
    await page.keyboard.press("Enter");
    await expectText(state(page), "Fresh token");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expectText(summary(page), /^50 requests, 0 renewals, slowest/);
    await page.close();
  });
});
