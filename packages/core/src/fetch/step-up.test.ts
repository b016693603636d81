import { describe, expect, it } from "vitest";
import type { Auth, AuthOptions, Fetch, StepUp } from "../index.ts";
import { ada, ben, createIssuer, times, type User, unhandledRejections, url } from "../test-kit.ts";
import { signedIn } from "./hook.fixture.ts";

const demandOf = (level: string) => `Bearer error="insufficient_user_authentication", acr_values="${level}", max_age="300"`;
const payUrl = `${url}/pay`;

/** An API that wants a login of `level` for what it holds dear: one token per login, the `n`th of which has the level `n`; "dead" is a token it refuses. */
async function start(
  options: AuthOptions<User> & { readonly levels?: readonly string[]; readonly wanted?: (request: Request) => string } = {},
) {
  const { levels = ["", "gold"], wanted = () => "gold", ...rest } = options;
  const issuer = createIssuer();
  const sent: string[] = [];
  let hold: (answered: number) => Promise<void> | undefined = () => undefined;
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const token = request.headers.get("authorization") ?? "";
    if (!request.url.startsWith(payUrl)) return issuer.fetch(request);
    sent.push(token.replace("Bearer ", ""));
    const number = sent.length;
    const body = await request.text();
    const level = levels[Number(/\d+$/.exec(token)?.[0]) - 1];
    await hold(number);
    if (level === "dead") return new Response(null, { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
    if (level === wanted(request)) return new Response(`paid ${body}`);
    return new Response("log in anew", { status: 401, headers: { "www-authenticate": demandOf(wanted(request)) } });
  };
  const opened = await signedIn(issuer, { fetch, ...rest });
  return {
    ...opened,
    issuer,
    sent,
    holdAnswers(until: typeof hold) {
      hold = until;
    },
  };
}

/** A handler that is let go by the test. */
function handler(then: () => unknown) {
  const demands: StepUp[] = [];
  const waiting: (() => void)[] = [];
  return {
    demands,
    release() {
      for (const go of waiting.splice(0)) go();
    },
    async onStepUp(demand: StepUp) {
      demands.push(demand);
      await new Promise<void>((go) => waiting.push(go));
      await then();
    },
  };
}
const settle = async () => {
  for (const _ of times(50, String)) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};
const rejection = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("it did not reject"),
    (error: unknown) => error,
  );

describe("a 401 that demands a stronger login", () => {
  it("[105] goes back as it is where nobody can meet it, and renews nothing, however often", async () => {
    const { auth, issuer, events, sent } = await start();
    for (const _ of times(3, String)) {
      const response = await auth.fetch(payUrl);
      expect([response.status, await response.text()]).toEqual([401, "log in anew"]);
    }
    expect([sent.length, issuer.sent.refresh, issuer.sent.login]).toEqual([3, 0, 1]);
    expect(events.filter(({ type }) => type !== "grant-started" && type !== "token-issued")).toEqual(
      times(3, () => ({ type: "step-up-required", acrValues: "gold", maxAge: 300, scope: undefined })),
    );
    expect(auth.status.state).toBe("fresh");
  });

  it("[105] renews nothing either where a provider takes every 401 for a refusal", async () => {
    const { auth, issuer } = await start({ isUnauthorized: ({ status }) => status === 401 });
    expect((await auth.fetch(payUrl)).status).toBe(401);
    expect(issuer.sent.refresh).toBe(0);
  });

  it("[106] is met by a login, once for fifty requests, each of which is then sent again", async () => {
    const step = handler(() => opened.auth.login(ada));
    const opened = await start({ onStepUp: step.onStepUp });
    const calls = times(50, (index) => opened.auth.fetch(payUrl, { method: "POST", body: String(index) }));
    await settle();
    expect(step.demands).toEqual([{ acrValues: "gold", maxAge: 300, scope: undefined }]);
    step.release();
    const responses = await Promise.all(calls);
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(times(50, (index) => `paid ${index}`));
    expect([step.demands.length, opened.issuer.sent.login, opened.issuer.sent.refresh, opened.sent.length]).toEqual([1, 2, 0, 100]);
  });

  it("[106] leaves other requests alone while a person is asked", async () => {
    const step = handler(() => opened.auth.login(ada));
    const opened = await start({ onStepUp: step.onStepUp });
    const paying = opened.auth.fetch(payUrl);
    await settle();
    expect((await opened.auth.fetch(url)).status).toBe(200);
    step.release();
    expect((await paying).status).toBe(200);
  });

  it("[106] goes back where the handler did not log in, its body unread", async () => {
    const step = handler(() => {});
    const { auth, sent, issuer } = await start({ onStepUp: step.onStepUp });
    const calls = times(3, () => auth.fetch(payUrl));
    await settle();
    step.release();
    const responses = await Promise.all(calls);
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(times(3, () => "log in anew"));
    expect([sent.length, step.demands.length, issuer.sent.refresh]).toEqual([3, 1, 0]);
  });

  it("[106] rejects with what the handler rejects with", async () => {
    const declined = new Error("the person said no");
    const { auth, sent } = await start({ onStepUp: () => Promise.reject(declined) });
    const errors = await Promise.all(times(3, () => rejection(auth.fetch(payUrl))));
    expect(errors.every((error) => error === declined)).toBe(true);
    expect(sent).toHaveLength(3);
  });

  it("[106] goes back where somebody else has logged in, or out", async () => {
    for (const change of [(auth: Auth<User>) => auth.login(ben), (auth: Auth<User>) => auth.logout()]) {
      const step = handler(() => change(opened.auth));
      const opened = await start({ onStepUp: step.onStepUp });
      const paying = opened.auth.fetch(payUrl);
      await settle();
      step.release();
      expect((await paying).status).toBe(401);
      expect(opened.sent).toHaveLength(1);
    }
  });

  it("[36, 106] asks nobody for a request that cannot be sent again", async () => {
    const step = handler(() => {});
    const { auth, types } = await start({ onStepUp: step.onStepUp });
    const body = new Blob(["once"]).stream();
    const response = await auth.fetch(payUrl, { method: "POST", body, duplex: "half" } as RequestInit);
    expect([response.status, step.demands.length]).toEqual([401, 0]);
    expect(types().slice(-2)).toEqual(["step-up-required", "retry-skipped"]);
  });

  it("[39, 42, 106] ends for one caller by an abort, and for nobody else", async () => {
    const step = handler(() => opened.auth.login(ada));
    const opened = await start({ onStepUp: step.onStepUp });
    const controller = new AbortController();
    const [left, stays] = [opened.auth.fetch(payUrl, { signal: controller.signal }), opened.auth.fetch(payUrl)];
    await settle();
    controller.abort(new Error("gone"));
    expect(await rejection(left)).toBe(controller.signal.reason);
    step.release();
    expect((await stays).status).toBe(200);
    expect(opened.sent).toHaveLength(3);
  });

  it("[106] causes no unhandled rejection where all who waited have left", async () => {
    const step = handler(() => Promise.reject(new Error("too late")));
    const { auth } = await start({ onStepUp: step.onStepUp });
    const unhandled = await unhandledRejections(async () => {
      const controller = new AbortController();
      const left = rejection(auth.fetch(payUrl, { signal: controller.signal }));
      await settle();
      controller.abort();
      await left;
      step.release();
      await settle();
    });
    expect(unhandled).toEqual([]);
  });

  it("[107] shares the outcome of a step-up that has ended since its request was sent, whichever it is", async () => {
    for (const logsIn of [true, false]) {
      const step = handler(() => logsIn && opened.auth.login(ada));
      const opened = await start({ onStepUp: step.onStepUp });
      let answerLate = () => {};
      const late = new Promise<void>((resolve) => {
        answerLate = resolve;
      });
      opened.holdAnswers((number) => (number === 2 ? late : undefined));
      const calls = times(2, () => opened.auth.fetch(payUrl));
      await settle();
      step.release();
      await calls[0];
      answerLate();
      expect((await calls[1])?.status).toBe(logsIn ? 200 : 401);
      expect(step.demands).toHaveLength(1);
      if (logsIn) continue;
      // The next request is a new one: the person may have thought better of it.
      const again = opened.auth.fetch(payUrl);
      await settle();
      step.release();
      await again;
      expect(step.demands).toHaveLength(2);
    }
  });

  it("[107] goes back where the login that was demanded does not satisfy the API either", async () => {
    const step = { demands: 0 };
    const opened = await start({
      levels: [],
      async onStepUp() {
        step.demands++;
        await opened.auth.login(ada);
      },
    });
    expect((await opened.auth.fetch(payUrl)).status).toBe(401);
    expect([step.demands, opened.sent.length, opened.issuer.sent.login]).toEqual([1, 2, 2]);
  });

  it("[107] waits for a step-up that others had begun, and asks for its own where that was not enough", async () => {
    const step = handler(() => opened.auth.login(ada));
    const levels = ["", "silver", "gold"];
    const opened = await start({ levels, wanted: (request) => new URL(request.url).search.slice(1), onStepUp: step.onStepUp });
    const silver = opened.auth.fetch(`${payUrl}?silver`);
    await settle();
    const gold = opened.auth.fetch(`${payUrl}?gold`);
    await settle();
    expect(step.demands.map(({ acrValues }) => acrValues)).toEqual(["silver"]);
    step.release();
    expect((await silver).status).toBe(200);
    await settle();
    expect(step.demands.map(({ acrValues }) => acrValues)).toEqual(["silver", "gold"]);
    step.release();
    expect((await gold).status).toBe(200);
    expect(opened.sent).toHaveLength(5);
  });

  it("[107] goes back where it has waited for two step-ups that others had begun, and neither was its own", async () => {
    const step = handler(() => opened.auth.login(ada));
    const wanted = (request: Request) => new URL(request.url).search.slice(1);
    const opened = await start({ levels: ["", "silver", "gold"], wanted, onStepUp: step.onStepUp });
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    opened.holdAnswers((number) => (number === 3 || number === 4 ? held : undefined));
    const silver = opened.auth.fetch(`${payUrl}?silver`);
    await settle();
    const platinum = opened.auth.fetch(`${payUrl}?platinum`);
    await settle();
    step.release();
    await settle();
    const gold = opened.auth.fetch(`${payUrl}?gold`);
    await settle();
    answer();
    expect((await silver).status).toBe(200);
    await settle();
    step.release();
    expect((await gold).status).toBe(200);
    await settle();
    expect(step.demands.map(({ acrValues }) => acrValues)).toEqual(["silver", "gold"]);
    expect((await platinum).status).toBe(401);
  });

  it("[23, 106] is counted apart from the re-send with a renewed token, whichever comes first", async () => {
    for (const levels of [
      ["dead", "", "gold"],
      ["", "dead", "gold"],
    ]) {
      const opened = await start({ levels, onStepUp: () => opened.auth.login(ada) });
      const response = await opened.auth.fetch(new Request(payUrl, { method: "POST", body: "7" }));
      expect([response.status, await response.text()]).toEqual([200, "paid 7"]);
      expect(opened.issuer.sent).toMatchObject({ login: 2, refresh: 1 });
      expect(opened.sent).toHaveLength(3);
    }
  });

  it("[28] of another origin, to which a redirect led, asks nobody", async () => {
    const step = handler(() => {});
    const elsewhere: Fetch = async () => {
      const response = new Response(null, { status: 401, headers: { "www-authenticate": demandOf("gold") } });
      return Object.defineProperties(response, { redirected: { value: true }, url: { value: "https://elsewhere.example.com/" } });
    };
    const { auth, types } = await signedIn(createIssuer(), { fetch: elsewhere, onStepUp: step.onStepUp });
    expect((await auth.fetch(payUrl)).status).toBe(401);
    expect([step.demands.length, types().includes("step-up-required")]).toEqual([0, false]);
  });
});
