import { createAuth } from "@keyturn/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authorizationCode, type BrowserLogin, type BrowserLoginParameters, browserLogin } from "./index.ts";
import { openPage, type Page } from "./page.fixture.ts";

const app = "https://app.example.com/";

/** What was sent to token endpoints, oldest first: host and code. */
let sent: string[];
let answer: () => Promise<Response>;
beforeEach(() => {
  sent = [];
  answer = async () => Response.json({ access_token: "at-1", token_type: "Bearer", expires_in: 300 });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function providerOf(name: string, clientId = "page") {
  return authorizationCode({
    ...{ tokenEndpoint: `https://${name}.example.com/token`, authorizationEndpoint: `https://${name}.example.com/authorize`, clientId },
    async fetch(input, init) {
      const form = new URLSearchParams(await new Request(input, init).text());
      sent.push(`${new URL(String(input)).hostname} ${form.get("code")}`);
      return answer();
    },
  });
}

/** Begins a login: what the server would be told. */
async function leave(page: Page, login: BrowserLogin, parameters?: BrowserLoginParameters): Promise<URLSearchParams> {
  const left = page.left();
  void login.begin(parameters);
  return (await left).searchParams;
}

/** Begins a login and is sent back by the server. */
async function comeBack(page: Page, login: BrowserLogin, parameters?: BrowserLoginParameters): Promise<string> {
  const state = (await leave(page, login, parameters)).get("state") ?? "";
  page.visit(`${app}?code=made-up-code&state=${state}`);
  return state;
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error) => `${error.code ?? error.name}: ${error.message}`,
  );

describe("[152] of two logins on one page", () => {
  it.each([
    ["servers", providerOf("a"), providerOf("b")],
    ["clients of one server", providerOf("a"), providerOf("a", "other-page")],
  ])(
    "with two %s each takes up its own callback, whichever is asked first, and sends its code to its own server",
    async (_, one, other) => {
      const page = openPage();
      const [a, b] = [browserLogin(one), browserLogin(other)];
      await comeBack(page, b);
      const callback = page.address();
      expect(await a.finish()).toBeUndefined();
      expect(page.address()).toBe(callback);
      expect(await b.finish()).toMatchObject({ tokens: { accessToken: "at-1" } });
      expect(sent).toEqual([`${new URL(JSON.parse(other.configuration ?? "")[0]).hostname} made-up-code`]);
      expect(page.address()).toBe(app);
    },
  );

  it("neither takes up what is pending of the other, even where it is handed over", async () => {
    const [a, b] = [providerOf("a"), providerOf("b")];
    const { pending } = await b.begin(app);
    expect(await messageOf(a.finish(`${app}?code=made-up-code&state=${pending.state}`, pending))).toContain(
      "login-required: oauth2: this login was begun with another provider",
    );
    expect(sent).toEqual([]);
  });
});

describe("[152] a callback of somebody else", () => {
  it.each([
    "?code=code-of-the-shop&state=state-of-the-shop&q=a%20b",
    "?code=x&state=",
    "?code=x",
    "?error=access_denied",
    "?state=1.2&error=access_denied#%20",
    "?q=a+b&&=&state&code#fragment?code=1",
    "",
  ])("is undefined, and the address stays as it is to the character: %s", async (query) => {
    const page = openPage(app + query);
    const before = page.address();
    expect(await browserLogin(providerOf("a")).finish()).toBeUndefined();
    expect(page.address()).toBe(before);
    expect(page.kept.size).toBe(0);
  });

  it("is told from an own one whatever it looks like: it is neither read nor changed", { timeout: 60_000 }, async () => {
    const login = browserLogin(providerOf("a"));
    const value = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-z]{1,7}\.[\w-]{0,43}$/), fc.constantFrom("__proto__", "null", "%"));
    await fc.assert(
      fc.asyncProperty(value, value, fc.string(), async (state, code, other) => {
        fc.pre(!state.startsWith(providerOf("a").statePrefix));
        const page = openPage(`${app}?${new URLSearchParams({ state, code })}&${other}`);
        const before = page.address();
        expect(await login.finish()).toBeUndefined();
        expect(page.address()).toBe(before);
      }),
    );
    expect(sent).toEqual([]);
  });

  it("is told on a page without WebCrypto and with storage denied too", async () => {
    const page = openPage(`${app}?code=x&state=y`, "denied");
    vi.stubGlobal("crypto", {});
    expect(await browserLogin(providerOf("a")).finish()).toBeUndefined();
    expect(page.address()).toBe(`${app}?code=x&state=y`);
  });
});

describe("[152] a callback of this provider", () => {
  it("that another tab began is an error, the code taken out of the address bar and nothing sent", async () => {
    const provider = providerOf("a");
    const page = openPage(`${app}?q=a%20b&code=made-up-code&state=${provider.statePrefix}x&iss=y&c%6Fde=2&v=1+2#f`);
    expect(await messageOf(browserLogin(provider).finish())).toBe(
      "login-required: oauth2: this login was begun in another tab, or more than ten minutes ago",
    );
    expect(page.address()).toBe(`${app}?q=a%20b&v=1+2#f`);
    expect(sent).toEqual([]);
  });

  it("leaves the page's own parameters as they are spelt, and no part of the answer", { timeout: 60_000 }, async () => {
    const provider = providerOf("a");
    const own = fc
      .stringMatching(/^[a-zA-Z0-9%+=._~-]{0,12}$/)
      .filter((part) => ![...new URLSearchParams(part).keys()].some((name) => /^(code|state|iss|session_state|error.*)$/.test(name)));
    await fc.assert(
      fc.asyncProperty(fc.array(own, { maxLength: 4 }), fc.nat(4), async (parts, at) => {
        const answer = ["code=made-up-code", `state=${provider.statePrefix}x`];
        const page = openPage(`${app}?${[...parts.slice(0, at), ...answer, ...parts.slice(at)].join("&")}#end`);
        await messageOf(browserLogin(provider).finish());
        expect(page.address()).toBe(new URL(`${app}${parts.join("&") === "" ? "" : "?"}${parts.join("&")}#end`).href);
      }),
    );
  });

  it("is known for ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000_000_000 });
    const login = browserLogin(providerOf("a"));
    const page = openPage();
    await comeBack(page, login);
    vi.setSystemTime(Date.now() + 600_000);
    expect(await messageOf(login.finish())).toBe("none");
    await comeBack(page, login);
    vi.setSystemTime(Date.now() + 600_001);
    expect(await messageOf(login.finish())).toContain("more than ten minutes ago");
  });
});

describe("[153] logins given up", () => {
  it("leave five pending ones in a tab at most, and none for longer than ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000_000_000 });
    const page = openPage();
    const verifiers = () => [...page.kept.values()].join().split("codeVerifier").length - 1;
    for (let begun = 1; begun <= 8; begun++) {
      await leave(page, browserLogin(providerOf("a", `client-${begun % 3}`)));
      expect(verifiers()).toBe(Math.min(begun, 5));
    }
    vi.setSystemTime(Date.now() + 600_001);
    await leave(page, browserLogin(providerOf("a")));
    expect(verifiers()).toBe(1);
    expect(page.kept.size).toBe(1);
  });

  it.each(["", "null", "7", "{", '["x", null, {"provider":"oauth2","state":7}]', '{"length":1}'])(
    "are left out where sessionStorage holds something else: %s",
    async (stored) => {
      const page = openPage();
      page.kept.set("keyturn.logins", stored);
      const login = browserLogin(providerOf("a"));
      await comeBack(page, login);
      expect(await messageOf(login.finish())).toBe("none");
    },
  );

  it("that were damaged in the storage are as if unknown, whatever stands there", { timeout: 60_000 }, async () => {
    const login = browserLogin(providerOf("a"));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("pending", "codeVerifier", "redirectUri", "state", "login"),
        fc.jsonValue(),
        async (member, value) => {
          const page = openPage();
          await comeBack(page, login);
          const changed = (name: string, before: unknown) => (name === member && value !== before ? value : before);
          page.kept.set("keyturn.logins", JSON.stringify(JSON.parse(page.kept.get("keyturn.logins") ?? ""), changed));
          expect(await messageOf(login.finish())).toMatch(/^none$|^login-required/);
        },
      ),
    );
  });
});

describe("[153] a callback", () => {
  const logIn = (login: BrowserLogin) => login.finish().then((authorized) => authorized?.subject);

  it("that is asked for twice at once, as React's StrictMode does, is traded once and given to both", async () => {
    const page = openPage();
    const provider = providerOf("a");
    await comeBack(page, browserLogin(provider));
    const [first, second, third] = await Promise.all([
      logIn(browserLogin(provider)),
      logIn(browserLogin(provider)),
      logIn(browserLogin(providerOf("b"))),
    ]);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).toBeUndefined();
    expect(sent).toEqual(["a.example.com made-up-code"]);
  });

  it("fails for both in the same way", async () => {
    answer = async () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const page = openPage();
    const login = browserLogin(providerOf("a"));
    await comeBack(page, login);
    const [first, second] = await Promise.all([messageOf(login.finish()), messageOf(login.finish())]);
    expect(first).toContain("credentials-rejected");
    expect(second).toBe(first);
    expect(sent).toHaveLength(1);
  });

  it("is given to nobody any more once it has been taken up: a logout is not undone by it", async () => {
    const page = openPage();
    const login = browserLogin(providerOf("a"));
    await comeBack(page, login);
    await login.finish();
    expect(await login.finish()).toBeUndefined();
  });

  it("that comes once more, by Back to the server's page, says that this login has ended; the session goes on", async () => {
    const page = openPage();
    const provider = providerOf("a");
    const [login, auth] = [browserLogin(provider), createAuth(provider, { origins: ["https://api.example.com"] })];
    const state = await comeBack(page, login);
    const authorized = await login.finish();
    if (authorized) await auth.login(authorized);
    page.visit(`${app}?code=second-code&state=${state}`);
    expect(await messageOf(login.finish())).toBe("login-required: oauth2: this login has ended already");
    expect(page.address()).toBe(app);
    expect(sent).toEqual(["a.example.com made-up-code"]);
    expect((await auth.getToken()).accessToken).toBe("at-1");
    expect([...page.kept.values()].join()).not.toContain("codeVerifier");
    await auth.close();
  });
});

describe("[156] returnTo", () => {
  it.each(["/", "/orders/5?tab=2#top", "/a?next=//x", "/a?q=a\\b", "/%2F/x"])(
    "is given back as it was, and not sent: %s",
    async (returnTo) => {
      const page = openPage();
      const login = browserLogin(providerOf("a"));
      const told = await leave(page, login, { returnTo, prompt: "login" });
      expect([told.get("prompt"), told.has("returnTo")]).toEqual(["login", false]);
      page.visit(`${app}?code=made-up-code&state=${told.get("state")}`);
      expect(await login.finish()).toMatchObject({ returnTo });
    },
  );

  it.each([
    "//evil.example/x",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example/",
    "https://app.example.com/orders",
    "orders",
    "",
    "javascript:alert(1)",
    "//[",
    "/.//evil.example",
    "/%2e//evil.example",
  ])("is a TypeError as %j, before anything is kept or left", async (returnTo) => {
    const page = openPage();
    expect(await messageOf(browserLogin(providerOf("a")).begin({ returnTo }))).toContain('TypeError: begin(): "returnTo"');
    expect(page.kept.size).toBe(0);
  });

  it("leads nowhere but to the page's own origin, whatever it is", { timeout: 60_000 }, async () => {
    const part = fc.constantFrom(
      "/",
      "//",
      "\\",
      ".",
      "..",
      "%2e",
      "\t",
      "\n",
      "@",
      ":",
      "evil.example",
      "https:",
      "javascript:",
      "?",
      "#",
      "x",
      " ",
    );
    const hostile = fc.oneof(
      fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
      fc.string(),
      fc.webPath(),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (returnTo) => {
        const page = openPage();
        const login = browserLogin(providerOf("a"));
        const left = page.left();
        const outcome = await Promise.race([left, messageOf(login.begin({ returnTo }))]);
        if (typeof outcome === "string") {
          expect(outcome).toContain("TypeError");
          return;
        }
        page.visit(`${app}?code=c&state=${outcome.searchParams.get("state")}`);
        const { returnTo: back = "" } = (await login.finish()) ?? {};
        expect(back).toBe(returnTo);
        const { origin, pathname } = new URL(back, app);
        expect(origin).toBe("https://app.example.com");
        expect(new URL(pathname, app).origin).toBe("https://app.example.com");
      }),
    );
  });
});

describe("[157] a page that lacks something", () => {
  it("crypto.subtle, as by plain http in a LAN: says so before anything is kept", async () => {
    const page = openPage("http://192.168.0.7/");
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    expect(await messageOf(browserLogin(providerOf("a")).begin())).toBe(
      "misconfigured: oauth2: crypto.subtle is missing; browsers have it on https pages and localhost only",
    );
    expect(page.kept.size).toBe(0);
  });

  it.each(["denied", "full"] as const)("sessionStorage that is %s: says so, and does not leave", async (storage) => {
    const page = openPage(app, storage);
    const left = vi.fn();
    void page.left().then(left);
    expect(await messageOf(browserLogin(providerOf("a")).begin())).toBe(
      "misconfigured: oauth2: a login by redirect needs sessionStorage, which this page cannot use",
    );
    expect(left).not.toHaveBeenCalled();
  });

  it("sessionStorage that is denied when the person comes back: says so, the code taken out of the address bar", async () => {
    const provider = providerOf("a");
    const page = openPage(`${app}?code=made-up-code&state=${provider.statePrefix}x`, "denied");
    expect(await messageOf(browserLogin(provider).finish())).toContain("misconfigured");
    expect(page.address()).toBe(app);
    expect(sent).toEqual([]);
  });
});

it.each([
  [{ redirectUrl: app }, "redirectUrl"],
  [{ redirectUri: "" }, "redirectUri"],
])("does not take the options %j", (options, name) => {
  expect(() => browserLogin(providerOf("a"), options as object)).toThrow(TypeError);
  expect(() => browserLogin(providerOf("a"), options as object)).toThrow(name);
});
