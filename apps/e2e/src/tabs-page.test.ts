import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumFlags, findChromium } from "../../../scripts/chromium.ts";
import { artifacts } from "../../../scripts/workspace.ts";
import { type Demo, startDemo } from "./demo.fixture.ts";

const executablePath = findChromium();

let demo: Demo;
let browser: Browser;

const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name }).click();
const read = (page: Page, id: string) => expect.poll(() => page.locator(id).textContent(), { timeout: 30_000 });

describe.skipIf(!executablePath)("npm run demo -- tabs", () => {
  beforeAll(async () => {
    demo = await startDemo(["tabs"]);
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...chromiumFlags] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    expect(await demo.stop()).toEqual([0, null]);
  });

  it("[60] shows four tabs that log in once, renew once, and log out together", { timeout: 60_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(demo.url);
    await read(page, "#state").toBe("tab 1 empty · tab 2 empty · tab 3 empty · tab 4 empty");
    await press(page, "Log in in tab 1");
    await read(page, "#state").toMatch(/^tab 1 fresh/);
    await press(page, "Burst in every tab");
    await read(page, "#summary").toBe("32 requests of 4 tabs; logins: 0, refreshes: 0, failed: 0, under way: 0.");

    const expired = page.waitForResponse(/expire$/);
    await press(page, "Expire token on the server");
    await expired;
    await press(page, "Burst in every tab");
    await read(page, "#summary").toBe("32 requests of 4 tabs; logins: 0, refreshes: 1, failed: 0, under way: 0.");
    const counts = await (await fetch(new URL("/control/xsignals/counts", demo.url))).json();
    expect(counts).toMatchObject({ logins: 1, refreshes: 1, failures: 0 });
    expect(await page.locator("#chart rect.renewal").count()).toBe(1);
    await page.screenshot({ path: join(artifacts, "tabs.png"), fullPage: true });

    await press(page, "Log out in tab 1");
    await read(page, "#state").toBe("tab 1 logged-out · tab 2 logged-out · tab 3 logged-out · tab 4 logged-out");
    expect(errors).toEqual([]);
    await page.close();
  });
});
