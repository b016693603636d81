import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expressionOf, type Tab } from "./browser.ts";
import type { WebDriverSession } from "./webdriver.ts";

/** How an evaluation in a page went; nothing yet is undefined. */
interface Outcome {
  readonly value: never;
  readonly error?: string;
}

/** Opens tabs in a WebDriver session. Tabs work at the same time, though the session runs one command at a time and knows one current tab. */
export async function createTabs(session: WebDriverSession): Promise<(url: string) => Promise<Tab>> {
  const first = await session.command("GET", "window");
  let last: Promise<unknown> = Promise.resolve();

  /** Switching to a tab and doing something there are two commands, between which no other tab's may come. */
  function within<Result>(handle: unknown, work: () => Promise<Result>): Promise<Result> {
    const next = last.then(() => session.command("POST", "window", { handle })).then(work);
    last = next.catch(() => {});
    return next;
  }

  return async (firstUrl) => {
    const { handle } = (await within(first, () => session.command("POST", "window/new", { type: "tab" }))) as { readonly handle: string }; // as section 11.5 of the standard has it
    const run = (script: string): Promise<unknown> => within(handle, () => session.command("POST", "execute/sync", { script, args: [] }));
    const goto = async (url: string): Promise<void> => {
      await within(handle, () => session.command("POST", "url", { url }));
    };
    await goto(firstUrl);
    return {
      goto,
      // A script that waits would keep the session from every other tab: it is started, and then asked for its outcome.
      async evaluate(work, ...args) {
        const outcomeIn = `(document.keyturnOutcomes ??= {})["${randomUUID()}"]`;
        await run(`Promise.resolve().then(() => ${expressionOf(work, args)}).then(
          (value) => { ${outcomeIn} = JSON.stringify({ value }); },
          (error) => { ${outcomeIn} = JSON.stringify({ error: String(error) + "\\n" + (error?.stack ?? "") }); },
        );`);
        for (;;) {
          const answer = await run(`return ${outcomeIn} ?? null;`);
          const { value, error }: Partial<Outcome> = answer === null ? {} : JSON.parse(String(answer));
          if (error !== undefined) throw new Error(error);
          if (answer !== null) return value as never; // what the page made of it is the caller's to know
          await delay(10);
        }
      },
      async close() {
        await within(handle, () => session.command("DELETE", "window"));
      },
    };
  };
}
