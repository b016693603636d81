import { connect, createServer } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { authorizationCode } from "./index.ts";
import { type LoopbackLoginOptions, loopbackLogin } from "./loopback-login.ts";

const issued = { access_token: "at-1", token_type: "Bearer", expires_in: 3600 };
const codes: (string | null)[] = [];
const provider = authorizationCode({
  ...{ tokenEndpoint: "https://login.example.com/token", authorizationEndpoint: "https://login.example.com/authorize", clientId: "tool" },
  async fetch(input, init) {
    codes.push(new URLSearchParams(await new Request(input, init).text()).get("code"));
    return Response.json(issued);
  },
});

afterEach(() => {
  codes.length = 0;
});

/** What the person's browser is sent to: the port that listens, and where the server would send it back. */
function openedBy(url: string) {
  const { searchParams } = new URL(url);
  const redirectUri = new URL(searchParams.get("redirect_uri") ?? "");
  return { port: Number(redirectUri.port), callback: `${redirectUri.pathname}?code=made-up-code&state=${searchParams.get("state")}` };
}

/** Says something to a port, and resolves with the first line of what it answers; "" if it hangs up, "refused" if nobody listens. */
function say(port: number, bytes: string, hangUp = false): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => (hangUp ? socket.end(bytes, () => socket.destroy()) : socket.write(bytes, "latin1")));
    socket.on("data", (data) => {
      heard += data;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED" && resolve("refused"));
    socket.on("close", () => resolve(heard.split("\r\n")[0] ?? ""));
  });
}
const get = (port: number, target: string, method = "GET") =>
  say(port, `${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);

/** Logs in while `meanwhile` happens to the port that listens; the person comes back after that. */
async function logIn(meanwhile: (opened: ReturnType<typeof openedBy>) => Promise<void>, options: Partial<LoopbackLoginOptions> = {}) {
  let port = 0;
  const authorized = await loopbackLogin(provider, {
    async open(url) {
      const opened = openedBy(url);
      port = opened.port;
      await meanwhile(opened);
      expect(await get(port, opened.callback)).toBe("HTTP/1.1 200 OK");
    },
    ...options,
  });
  expect(await get(port, "/")).toBe("refused");
  return authorized;
}

describe("[150] while a login waits on loopback, a request", () => {
  it.each([
    "//",
    "//[",
    "///",
    "/",
    "*",
    "http://[",
    "http://127.0.0.1/callback",
    "/%ff%zz",
    "/callback",
    "/callback/",
    "/callback?",
    "/callback?state",
    "/callback?code=x&state=not-ours",
    "//callback?code=x",
    "/CALLBACK?code=x",
    "/\\",
    "/callback#?",
  ])("for %s gets an error, and ends nothing", async (target) => {
    const authorized = await logIn(async ({ port }) => {
      expect(await get(port, target)).toMatch(/^HTTP\/1\.1 40[04] /);
    });
    expect(authorized.tokens.accessToken).toBe("at-1");
    expect(codes).toEqual(["made-up-code"]);
  });

  it.each(["POST", "HEAD", "OPTIONS", "PUT", "TRACE"])("for the callback itself by %s gets a 404", async (method) => {
    await logIn(async ({ port, callback }) => {
      expect(await get(port, callback, method)).toBe("HTTP/1.1 404 Not Found");
    });
  });

  it("of any bytes ends neither the process nor the login", { timeout: 60_000 }, async () => {
    const target = fc.oneof(fc.webPath(), fc.string(), fc.webUrl(), fc.stringMatching(/^[/\\?#%[\]:@.*]{1,8}$/));
    const line = fc
      .tuple(fc.constantFrom("GET", "POST", "CONNECT", "OPTIONS", "get", ""), target, fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/9", ""))
      .map((words) => words.join(" "));
    const header = fc.constantFrom(
      "host: x",
      "host: [",
      "upgrade: websocket\r\nconnection: upgrade",
      "expect: 100-continue",
      "expect: x",
      "content-length: 5",
      "transfer-encoding: chunked",
      "\u0000",
      ": ",
    );
    const request = fc
      .tuple(line, fc.array(header, { maxLength: 3 }))
      .map(([first, headers]) => `${[first, ...headers].join("\r\n")}\r\n\r\n`);
    await logIn(async ({ port }) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(request, fc.string()), async (bytes) => {
          expect(await say(port, bytes, true)).not.toBe("refused");
        }),
        { numRuns: 200 },
      );
    });
    expect(codes).toEqual(["made-up-code"]);
  });

  it("that nobody finishes holds nothing up: its connection is gone with the server", async () => {
    let slow: Promise<string> | undefined;
    await logIn(async ({ port }) => {
      slow = say(port, "GET /callback HTTP/1.1\r\nhost:");
    });
    expect(await slow).toBe("");
  });

  it("that is the callback counts, also where the browser hangs up before it is answered", async () => {
    const authorized = await loopbackLogin(provider, {
      async open(url) {
        const { port, callback } = openedBy(url);
        await say(port, `GET ${callback} HTTP/1.1\r\nhost: x\r\n\r\n`, true);
      },
    });
    expect(authorized.tokens.accessToken).toBe("at-1");
  });
});

describe("[150] nothing is left listening", () => {
  /** The ports that listened, once all is over. */
  async function outcomeOf(
    options: Partial<LoopbackLoginOptions>,
    open: (opened: ReturnType<typeof openedBy>) => void | Promise<void> = () => {},
  ) {
    let port = 0;
    const outcome = await loopbackLogin(provider, {
      open(url) {
        port = openedBy(url).port;
        return open(openedBy(url));
      },
      ...options,
    }).then(
      () => "logged in",
      (error) => error.code ?? error.message,
    );
    if (port) expect(await get(port, "/")).toBe("refused");
    return outcome;
  }

  it.each([0, 0.5, 1])("when a time of %d ms is over", async (timeout) => {
    expect(await outcomeOf({ timeout })).toBe("login-required");
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e300, Number.POSITIVE_INFINITY])(
    "after a login that had %d ms, which are not over at once",
    async (timeout) => {
      const back = async ({ port, callback }: ReturnType<typeof openedBy>) => void (await get(port, callback));
      expect(await outcomeOf({ timeout }, back)).toBe("logged in");
    },
  );

  it("when the caller gives up, before or while the person is away", async () => {
    const gaveUp = new Error("gave up");
    expect(await outcomeOf({ signal: AbortSignal.abort(gaveUp) })).toBe("gave up");
    const caller = new AbortController();
    expect(await outcomeOf({ signal: caller.signal }, () => caller.abort(gaveUp))).toBe("gave up");
  });

  it("when open() fails, or never comes back though the person does", async () => {
    const back = ({ port, callback }: ReturnType<typeof openedBy>) => get(port, callback).then(() => new Promise<void>(() => {}));
    expect(await outcomeOf({}, () => Promise.reject(new Error("no browser")))).toBe("no browser");
    expect(
      await outcomeOf({}, () => {
        throw new Error("no browser");
      }),
    ).toBe("no browser");
    expect(await outcomeOf({}, back)).toBe("logged in");
    expect(await outcomeOf({ timeout: 30 }, () => new Promise<void>(() => {}))).toBe("login-required");
  });

  it("when the server's page cannot be found out, or only after the time is over: then nobody is sent there", async () => {
    const open = vi.fn();
    const failing = { ...provider, begin: () => Promise.reject(new Error("no metadata")) };
    await expect(loopbackLogin(failing, { open })).rejects.toThrow("no metadata");
    const hanging = { ...provider, begin: () => new Promise<never>(() => {}) };
    await expect(loopbackLogin(hanging, { open, timeout: 10 })).rejects.toMatchObject({ code: "login-required" });
    expect(open).not.toHaveBeenCalled();
  });

  it("when the port is somebody else's, who keeps it: that is misconfigured", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { readonly port: number }; // it listens on a port, not on a pipe
    await expect(loopbackLogin(provider, { open() {}, port })).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining(`port ${port} of 127.0.0.1`),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it("and no listener stays on the caller's signal", async () => {
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
    await logIn(async () => {}, { signal });
    const given = add.mock.calls.map(([, , options]) => (options as { readonly signal?: AbortSignal }).signal?.aborted); // an object, as it is called
    expect(given.every(Boolean) || remove.mock.calls.length === add.mock.calls.length).toBe(true);
  });
});

it.each<[string, object]>([
  ["open", { open: "browser" }],
  ["timeout", { timeout: Number.NaN }],
  ["timeout", { timeout: -1 }],
  ["port", { port: 65_536 }],
  ["port", { port: 1.5 }],
  ["path", { path: "callback" }],
  ["path", { path: "/callback?x=1" }],
  ["path", { path: "/a b" }],
  ["signal", { signal: {} }],
  ["state", { parameters: { state: "mine" } }],
])("[150] a wrong %s is a TypeError that names it, before anything listens: %j", async (name, wrong) => {
  const error = await loopbackLogin(provider, { open() {}, ...wrong }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(`"${name}"`);
});
