import { launch } from "puppeteer-core";
import { type Browser, expressionOf } from "./browser.ts";

/** Chromium by its own protocol, Firefox by WebDriver BiDi: Playwright drives no Firefox but one of its own making. */
export async function launchWithPuppeteer(
  browser: "chrome" | "firefox",
  executablePath: string,
  flags: readonly string[],
): Promise<Browser> {
  const running = await launch({ browser, executablePath, args: [...flags], headless: true, protocolTimeout: 60_000 });
  return {
    version: (await running.version()).replace(/^.*\//, ""),
    async open(url) {
      const page = await running.newPage();
      await page.goto(url);
      return {
        async goto(next) {
          await page.goto(next);
        },
        evaluate: (work, ...args) => page.evaluate(expressionOf(work, args)) as ReturnType<typeof work> & Promise<never>,
        close: () => page.close(),
      };
    },
    close: () => running.close(),
  };
}
