import { vi } from "vitest";
import { secretsOf, textsOf } from "../leaks.fixture.ts";
import type { Running, Vendor } from "../vendors.fixture.ts";

/** Everything that an application could log of one or more sessions, and what the network could. */
export interface Witness {
  /** Notes the events of a session from here on. */
  listen(running: Running): Running;
  /** Does it, and notes what an application gets to see of it. */
  attempt(running: Running, work: () => Promise<unknown>): Promise<void>;
  /** How many values of this kind were seen. */
  count(where: string): number;
  /** Where a token, a password or a client secret of a vendor shows, with the text around it. */
  leaks(vendor: Vendor, running: Running): Promise<string[]>;
}

/** A finAPI server that takes the token to revoke from the query alone leaves no other place for it; the form is tried first. */
const isDocumented = (url: string): boolean => /^https:\/\/\w+\.finapi\.io\/.*\/oauth\/revoke\?token=/.test(url);

/** From here on the console is listened to, until mocks are restored. */
export function witness(): Witness {
  const said: { readonly where: string; readonly value: unknown }[] = [];
  const say = (where: string, value: unknown) => void said.push({ where, value });
  for (const method of ["debug", "error", "info", "log", "trace", "warn"] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => say("the console", values));
  }
  return {
    listen(running) {
      running.auth.subscribe((event) => say("an event", event));
      return running;
    },
    async attempt({ auth }, work) {
      await work().catch((error: unknown) => say("an error", error));
      say("the status", auth.status);
      say("the session", auth);
    },
    count: (where) => said.filter((one) => one.where === where).length,
    async leaks(vendor, { sent, received }) {
      const secrets = await secretsOf(vendor, received);
      const shows = (text: string) => secrets.some((secret) => text.includes(secret));
      const values = said.flatMap(({ where, value }) => [...textsOf(value)].filter(shows).map((text) => `${where}: ${text}`));
      const urls = sent.map(({ url }) => url).filter((url) => shows(url) && !isDocumented(url));
      return [...values, ...urls.map((url) => `a URL: ${url}`)];
    },
  };
}
