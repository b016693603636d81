import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { isAuthError } from "@keyturn/core";
import type { Fault } from "@keyturn/emulators";
import { expect } from "vitest";
import { secretsOf, textsOf } from "../leaks.fixture.ts";
import { burst, elapse, eventsOf, issued, rejection, renewalOf, type Scenario } from "./scenario.fixture.ts";

const coral = { Output: { __type: "com.amazon.coral.service#UnknownOperationException" }, Version: "1.0" };
const disorders: readonly Fault[] = [
  "malformed-json",
  "html-502",
  "empty",
  { status: 200, body: coral },
  { status: 200, body: { error: "server_error" } },
  { status: 200, body: [] },
];

/** Another origin, and what it was sent. */
async function elsewhere() {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/`, seen, close: () => server.close().closeAllConnections() };
}

/** What comes along the wire, and what goes. */
export const wire: readonly Scenario[] = [
  {
    title: "a renewal is answered with cut-off JSON, a page, nothing, or an error under status 200: a typed failure that passes",
    async run(vendor) {
      for (const disorder of disorders) {
        const running = vendor.start();
        await running.call();
        running.control.expireAccess();
        running.control.failNext(renewalOf(vendor), disorder);
        const error = await elapse(running, rejection(running.call()));
        if (error !== undefined) expect(isAuthError(error) && error.code).toMatch(/^token-re(quest-failed|sponse-malformed)$/);
        await running.clock.advance(60_000);
        expect(await burst(running, 1)).toEqual([200]);
      }
    },
  },
  {
    title: "a body that can be read once: the 401 is handed back and said, nothing is sent without its body",
    async run(vendor) {
      const running = vendor.start();
      const { auth, control, api, sent } = running;
      const events = eventsOf(running);
      await running.call();
      control.expireAccess();
      const echo = api.replace("/protected", "/echo");
      const body = new Blob(["once"]).stream();
      const { status } = await auth.fetch(echo, { method: "POST", body, duplex: "half" } as RequestInit); // the DOM's types do not know "duplex"
      expect(status).toBe(401);
      expect(events.filter(({ type }) => type === "retry-skipped")).toEqual([{ type: "retry-skipped", method: "POST" }]);
      expect(sent.filter(({ url }) => url === echo)).toHaveLength(1);
      expect(await burst(running, 1)).toEqual([200]);
    },
  },
  {
    title: "an API that redirects to another origin: the token does not go along",
    async run(vendor) {
      const [server, other] = await Promise.all([vendor.listen(), elsewhere()]);
      try {
        server.control.failNext("api", { redirect: other.url });
        const response = await server.auth.fetch(`${server.url}/protected`);
        const { accessToken } = await server.auth.getToken();
        expect([response.redirected, other.seen.length]).toEqual([true, 1]);
        for (const secret of [accessToken, ...vendor.secrets]) expect(JSON.stringify(other.seen)).not.toContain(secret);
        expect((await server.auth.fetch(`${server.url}/protected`)).status).toBe(200);
      } finally {
        await Promise.all([server.auth.close(), server.close(), other.close()]);
      }
    },
  },
  {
    title: "a caller who gives up during the renewal: the others get their answers",
    async run(vendor) {
      const running = vendor.start();
      const { auth, api, control } = running;
      const events = eventsOf(running);
      await running.call();
      control.expireAccess();
      const door = control.hold(renewalOf(vendor));
      const impatient = new AbortController();
      const first = rejection(auth.fetch(api, { signal: impatient.signal }));
      await door.arrived(1);
      const others = burst(running, 5);
      const reason = new Error("changed my mind");
      impatient.abort(reason);
      expect(await first).toBe(reason);
      door.release();
      expect(await others).toEqual([200, 200, 200, 200, 200]);
      expect(issued(events)).toBe(2);
    },
  },
  {
    title: "servers that repeat what they were sent: no secret in any error, event or status",
    async run(vendor) {
      const said: unknown[] = [];
      const answers: Response[] = [];
      for (const status of [200, 400, 401, 403, 429, 500]) {
        const running = vendor.start();
        running.auth.subscribe((event) => said.push(event));
        await running.call();
        answers.push(...running.received);
        running.control.expireAccess();
        running.disturb(async (request) => {
          const received = `${request.url} ${request.headers.get("authorization")} ${await request.text()}`;
          const body = { error: received, message: received, error_description: received, __type: received, errors: [{ code: received }] };
          return Response.json(body, { status });
        });
        said.push(await elapse(running, rejection(running.call())));
        said.push(await elapse(running, rejection(running.auth.logout())), running.auth.status);
      }
      const secrets = await secretsOf(vendor, answers);
      const leaks = said.flatMap((value) => [...textsOf(value)]).filter((text) => secrets.some((secret) => text.includes(secret)));
      expect(leaks).toEqual([]);
      expect(said.filter(isAuthError).length).toBeGreaterThan(3);
    },
  },
];
