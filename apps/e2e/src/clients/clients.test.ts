import type { IncomingMessage } from "node:http";
import { type Auth, createAuth } from "@keyturn/core";
import { describe, expect, it } from "vitest";
import { type Api, type Reply, startApi } from "./api.fixture.ts";
import type { Calls } from "./client.ts";
import { clients } from "./clients.ts";

const text = ["one ", "two"];
/** Each FormData is written with a boundary of its own. */
const content = ({ body, contentType = "" }: Api["arrived"][number]): string =>
  body.replaceAll(/boundary=(.*)/.exec(contentType)?.[1] ?? "\0", "boundary");

describe.each(clients)(
  "$name",
  ({ connect, authorizationHeader, payload = { status: 200 }, pieces = ["one", "two"], uploads = "again" }) => {
    /** What the client understands; a stream of events for one that asks for it. */
    const ok = ({ headers }: IncomingMessage): Reply =>
      headers.accept === "text/event-stream"
        ? { status: 200, headers: { "content-type": "text/event-stream" }, body: pieces.join("") }
        : { status: 200, body: JSON.stringify(payload) };

    async function start(answer: (request: IncomingMessage) => Reply | number = ok): Promise<{ api: Api; auth: Auth; calls: Calls }> {
      const api = await startApi(answer);
      const auth = createAuth(api.provider, { cooldown: 0, renewalTimeout: 600_000, ...(authorizationHeader && { authorizationHeader }) });
      return { api, auth, calls: connect(auth, new URL(api.url).origin) };
    }

    /** A client that waits before it tries again is asked not to. */
    const busyReply: Reply = { status: 503, headers: { "retry-after-ms": "1", "retry-after": "0" }, body: "{}" };

    /** The session holds a token that the API refuses from now on. */
    async function startStale(answer?: (request: IncomingMessage) => Reply | number) {
      const started = await start(answer);
      await started.auth.getToken();
      started.api.refuseTokens();
      return started;
    }

    const shape = connect({ fetch }, "http://127.0.0.1:1");

    it("[1] cold burst: ten calls on an empty session log in once, and carry its token", async () => {
      const { api, calls } = await start();
      await Promise.all(Array.from({ length: 10 }, () => calls.call()));
      expect(api.arrived.map(({ authorization }) => authorization)).toEqual(Array(10).fill("Bearer token-1"));
      expect(api.grants).toBe(1);
    });

    it("[2] 401: ten refused calls renew once, and each succeeds", async () => {
      const { api, calls } = await startStale();
      await Promise.all(Array.from({ length: 10 }, () => calls.call()));
      expect(api.arrived.filter(({ status }) => status === 200)).toHaveLength(10);
      expect(api.grants).toBe(2);
    });

    it.skipIf(!shape.bodies)("[34, 35] bodies again: each kind arrives twice, the same", async () => {
      for (const kind of Object.keys(shape.bodies ?? {})) {
        const { api, calls } = await startStale();
        await calls.bodies?.[kind]?.();
        const [first, second] = api.arrived.map(content);
        expect([kind, api.arrived.map(({ status }) => status), second]).toEqual([kind, [401, 200], first]);
        expect(first).not.toBe("");
      }
    });

    it.skipIf(!shape.upload)("[35, 36] upload stream: sent again whole or not at all, and the next call has a new token", async () => {
      const { api, calls } = await startStale();
      const sent = calls.upload?.(new Blob(text).stream());
      if (uploads === "once") await expect(sent).rejects.toThrow();
      else await sent;
      expect(api.arrived.map(({ body }) => body)).toEqual(Array(uploads === "once" ? 1 : 2).fill(text.join("")));
      await calls.call();
      expect(api.arrived.at(-1)).toMatchObject({ status: 200, authorization: "Bearer token-2" });
    });

    it.skipIf(shape.call.length === 0)("[39] abort: ends that call alone", async () => {
      const { api, calls } = await startStale();
      const held = api.holdGrants();
      const controller = new AbortController();
      const aborted = calls.call(controller.signal).then(
        () => "went on",
        () => "aborted",
      );
      const other = calls.call();
      await held.asked;
      controller.abort();
      expect(await aborted).toBe("aborted");
      held.release();
      await other;
      expect(api.grants).toBe(2);
      expect(api.arrived.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it.skipIf(!shape.timeout)("[43] timeout: ends the wait for a token, and the renewal goes on", async () => {
      const { api, calls } = await startStale();
      const held = api.holdGrants();
      const late = calls.timeout?.(100).then(
        () => "went on",
        () => "timed out",
      );
      expect(await late).toBe("timed out");
      held.release();
      await calls.call();
      expect(api.grants).toBeLessThanOrEqual(2);
      expect(api.arrived.at(-1)).toMatchObject({ status: 200, authorization: "Bearer token-2" });
    });

    it("[70] redirect elsewhere: no credential arrives there, and its 401 renews nothing", async () => {
      const elsewhere = await startApi(ok);
      const { api, calls } = await start(() => ({ status: 307, headers: { location: elsewhere.url }, body: "" }));
      await calls.call().catch(() => {}); // the other server lets nobody in
      expect(api.arrived.map(({ authorization }) => authorization)).toContain("Bearer token-1");
      expect(elsewhere.arrived.length).toBeGreaterThan(0);
      for (const { authorization } of elsewhere.arrived) expect(authorization).toBeUndefined();
      expect([api.grants, elsewhere.grants]).toEqual([1, 0]);
    });

    it.skipIf(!shape.stream)("[94] streaming: an answer is read as it comes, after a 401 too", async () => {
      let goOn = (_: string) => {};
      const rest = new Promise<string>((resolve) => {
        goOn = resolve;
      });
      const { api, calls } = await startStale(() => ({
        status: 200,
        headers: { "content-type": "text/event-stream" },
        body: pieces[0] ?? "",
        rest,
      }));
      const read: string[] = [];
      for await (const piece of (await calls.stream?.()) ?? []) {
        if (piece !== "") read.push(piece);
        if (read.length === 1) goOn(pieces[1] ?? "");
        if (read.length === 2) break;
      }
      expect(read).toEqual(["one", "two"]);
      expect(api.arrived.map(({ authorization }) => authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
    });

    it.skipIf(!shape.retry)("[23] own retries: come on top of the re-send, with the new token, and ask for none", async () => {
      let busy = true;
      const { api, calls } = await startStale((request) => {
        if (!busy) return ok(request);
        busy = false;
        return busyReply;
      });
      await calls.retry?.();
      expect(api.arrived.map(({ status, authorization }) => [status, authorization])).toEqual([
        [401, "Bearer token-1"],
        [503, "Bearer token-2"],
        [200, "Bearer token-2"],
      ]);
      expect(api.grants).toBe(2);
    });
  },
);
