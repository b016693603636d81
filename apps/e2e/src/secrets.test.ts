import { memoryStore } from "@keyturn/core";
import { defaultAuth0User, defaultCognitoUser, defaultOloidUser } from "@keyturn/emulators";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { secretsOf, textsOf } from "./leaks.fixture.ts";
import {
  auth0Vendor,
  cognitoVendor,
  finapiUserVendor,
  oloidVendor,
  platformIoVendor,
  type Running,
  type Setup,
  type Vendor,
  vendors,
  xsignalsSsoVendor,
  xsignalsVendor,
} from "./vendors.fixture.ts";

const cognitoStates = ["disabled", "unconfirmed", "reset-required", "force-change-password", "temporary-password-expired"] as const;
const auth0States = ["mfa-required", "password-leaked", "denied"] as const;

/** Every way a server of theirs can word a failure. */
const variants: readonly Vendor[] = [
  ...vendors,
  cognitoVendor({ name: "cognito with rotation", knobs: { rotation: { graceSeconds: 0 }, reuseRevokesFamily: true } }),
  cognitoVendor({ name: "cognito by the service model", knobs: { modelStatuses: true, errorTypeIn: "header", bareThrottleBody: true } }),
  cognitoVendor({ name: "cognito with challenges of its API", knobs: { errorTypeIn: "body", resource: { wwwAuthenticate: true } } }),
  cognitoVendor({
    name: "cognito with bare ID tokens",
    knobs: { resource: { token: "id", scheme: "bare" } },
    options: { use: "id", scheme: "bare" },
  }),
  cognitoVendor({ name: "cognito, second factor", knobs: { users: [{ ...defaultCognitoUser, mfa: ["EMAIL_OTP"] }] } }),
  ...cognitoStates.map((state) => cognitoVendor({ name: `cognito, ${state}`, knobs: { users: [{ ...defaultCognitoUser, state }] } })),
  ...(["error-object", "empty", "html"] as const).map((errorBody) => oloidVendor({ name: `oloid, ${errorBody}`, knobs: { errorBody } })),
  oloidVendor({ name: "oloid, flat", knobs: { shape: "flat", cognitoRefresh: "denied" }, options: { refresh: "cognito" } }),
  oloidVendor({ name: "oloid, challenge", knobs: { users: [{ ...defaultOloidUser, state: "force-change-password" }] } }),
  ...(["text", "json"] as const).map((errorBody) =>
    xsignalsVendor({ name: `xsignals, ${errorBody}`, knobs: { errorBody, accessToken: "opaque" } }),
  ),
  xsignalsVendor({ name: "xsignals that ends families", knobs: { rotation: "rotate-and-revoke-family", doneBody: "empty" } }),
  xsignalsSsoVendor({ name: "xsignals-sso with rotation", knobs: { rotation: "on", badClientError: "invalid_client" } }),
  auth0Vendor({ name: "auth0 with rotation", knobs: { rotation: "on", mfaRequirements: true } }),
  ...auth0States.map((state) => auth0Vendor({ name: `auth0, ${state}`, knobs: { users: [{ ...defaultAuth0User, state }] } })),
  platformIoVendor({ name: "platform-io, terse", knobs: { unauthorizedBody: "empty", retryAfter: "none", wwwAuthenticate: true } }),
  finapiUserVendor({ name: "finapi user, OAuth errors", knobs: { badGrantBody: "oauth", descriptionSpelling: "errorDescription" } }),
  finapiUserVendor({ name: "finapi user, token in the challenge", knobs: { wwwAuthenticate: true, rotation: "rotate" } }),
  finapiUserVendor({ name: "finapi user, revoked by query", knobs: { revokeParameters: "query", rotation: "same" } }),
];

type Disorder = (request: Request, received: string) => Response | Promise<Response>;

const echo =
  (status: number): Disorder =>
  (_request, received) =>
    Response.json(
      {
        ...{ message: received, error_description: received, detail: received, error: { message: received } },
        ...{ errors: [{ message: received, title: received, detail: received }], Output: { message: received } },
      },
      { status, headers: { "x-amzn-errormessage": encodeURI(received), "www-authenticate": `Bearer realm="${encodeURI(received)}"` } },
    );

/** Servers and runtimes that repeat what they were sent. */
const disorders: Readonly<Record<string, Disorder>> = {
  ...Object.fromEntries([200, 400, 401, 403, 429, 500].map((status) => [`a ${status} that repeats it`, echo(status)])),
  "text that is no JSON": (_request, received) => new Response(received),
  "JSON that is cut off": (_request, received) => new Response(`{"access_token":"${received}`),
  "an error code that repeats it": (_request, received) => Response.json({ error: received, __type: received }, { status: 400 }),
  "a redirect that carries it on": (_request, received) => Response.redirect(`https://elsewhere.test/?${encodeURIComponent(received)}`),
  "a network error that quotes it": ({ url }, received) => {
    throw new TypeError(`fetch failed: ${url}`, {
      cause: new Error(`while sending to ${url}`, { cause: { code: "ECONNRESET", length: received.length } }),
    });
  },
};

/** Everything an application could log. */
let said: { readonly where: string; readonly value: unknown }[] = [];
const say = (where: string, value: unknown) => said.push({ where, value });

beforeEach(() => {
  said = [];
  for (const method of ["debug", "error", "info", "log", "trace", "warn"] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => void say(`console.${method}`, values));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

function listen(running: Running): Running {
  running.auth.subscribe((event) => void say("an event", event));
  return running;
}

const begin = (vendor: Vendor, setup?: Setup): Running => listen(vendor.start(setup));

/** Does it, and says what an application gets to see of it. */
async function attempt({ auth }: Running, work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => void say("an error", error));
  say("the status", auth.status);
  say("auth", auth);
}

/** The same while the server is out of order. */
async function attemptDisturbed(running: Running, disorder: Disorder, work: () => Promise<unknown>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    running.disturb(async (request) => {
      const received = `${request.url} ${request.headers.get("authorization")} ${await request.text()}`;
      resolve();
      return disorder(request, decodeURIComponent(received.replaceAll("+", " ")));
    });
  });
  const done = attempt(running, work);
  await Promise.race([asked, done]); // a logout may have nothing to send
  await running.clock.advance(20_000);
  await done;
  running.disturb();
}

/** finAPI documents the query as the place for the token to revoke; the form is tried first. */
const isDocumented = ({ name }: Vendor, url: string) => name.startsWith("finapi user") && /\/oauth\/revoke\?token=/.test(url);

async function expectNoSecret(vendor: Vendor, { sent, received }: Running): Promise<void> {
  const secrets = await secretsOf(vendor, received);
  const leaks = said.flatMap(({ where, value }) =>
    [...textsOf(value)].filter((text) => secrets.some((secret) => text.includes(secret))).map((text) => `${where}: ${text}`),
  );
  expect(leaks).toEqual([]);
  const urls = sent.map(({ url }) => url).filter((url) => !isDocumented(vendor, url));
  expect(urls.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
}

describe.each(variants)("[71] [86] $name shows no secret", (vendor) => {
  it("in a life from login to logout", async () => {
    const running = begin(vendor);
    await attempt(running, running.call);
    const tokens = await running.auth.getToken().catch(() => undefined);
    if (tokens) expect(await secretsOf(vendor, running.received)).toContain(tokens.accessToken);
    running.control.expireAccess();
    await attempt(running, running.call);
    await attempt(running, running.auth.logout);
    await attempt(running, running.call);
    await expectNoSecret(vendor, running);
    expect(said.length).toBeGreaterThan(8);
  });

  it("where credentials are wrong", async () => {
    const running = begin(vendor, { credentials: "refused" });
    await attempt(running, running.call);
    await attempt(running, () => running.auth.getToken({ renew: true }));
    await attempt(running, running.auth.logout);
    await expectNoSecret(vendor, running);
    expect(said.some(({ where }) => where === "an error")).toBe(true);
  });

  it("where nobody can log in again", async () => {
    const store = memoryStore();
    const running = begin(vendor, { store });
    await attempt(running, running.call);
    const orphan = listen(running.another({ credentials: "none", store }));
    await attempt(orphan, orphan.call);
    running.control.revokeRefresh?.();
    running.control.expireAccess();
    await attempt(orphan, orphan.call);
    await attempt(orphan, orphan.auth.logout);
    await expectNoSecret(vendor, running);
  });
});

describe.each(vendors)("[71] [86] $name shows no secret", (vendor) => {
  it.each(Object.entries(disorders))("where the server answers with %s", async (_what, disorder) => {
    const cold = begin(vendor);
    await attemptDisturbed(cold, disorder, cold.call);
    await expectNoSecret(vendor, cold);

    const running = begin(vendor);
    await attempt(running, running.call);
    running.control.expireAccess();
    await attemptDisturbed(running, disorder, running.call);
    await attempt(running, running.call);
    await attemptDisturbed(running, disorder, running.auth.logout);
    await expectNoSecret(vendor, running);
    expect(said.some(({ where }) => where === "an error")).toBe(true);
  });
});

it("finAPI's revocation carries the token in its URL only where the form was refused", async () => {
  const urls = async (vendor: Vendor) => {
    const running = vendor.start();
    await running.call();
    await running.auth.logout();
    return running.sent.map(({ url }) => url).filter((url) => url.includes("/revoke"));
  };
  expect(await urls(finapiUserVendor())).toEqual(["https://sandbox.finapi.io/api/v2/oauth/revoke"]);
  expect(await urls(finapiUserVendor({ knobs: { revokeParameters: "query" } }))).toEqual([
    "https://sandbox.finapi.io/api/v2/oauth/revoke",
    expect.stringMatching(/revoke\?token=/),
  ]);
});
