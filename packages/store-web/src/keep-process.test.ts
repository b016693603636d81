import { afterEach, describe, expect, it, vi } from "vitest";
import { createIssuer } from "./issuer.fixture.ts";
import { keepProcess } from "./keep-process.ts";
import { serveAuth } from "./worker.ts";

const script = "https://app.example.com/assets/auth-worker.js";
const webKit = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

function workerOf(userAgent: string, serviceWorker?: { readonly register: unknown }): void {
  vi.stubGlobal("navigator", { userAgent, serviceWorker });
  vi.stubGlobal("location", { href: script });
  vi.stubGlobal("onconnect", null);
  vi.stubGlobal("addEventListener", () => {});
}

afterEach(() => vi.unstubAllGlobals());

describe("the process of a SharedWorker", () => {
  it("[60] is kept in WebKit: it is asked for a service worker of the same script, for no page", async () => {
    const register = vi.fn(async () => ({ unregister: async () => true }));
    workerOf(webKit, { register });
    serveAuth(createIssuer().provider);
    await vi.waitFor(() => expect(register.mock.calls).toEqual([[script, { scope: script }]]));
  });

  it("is kept by no registration that stays", async () => {
    const unregister = vi.fn(async () => true);
    workerOf(webKit, { register: async () => ({ unregister }) });
    await keepProcess();
    expect(unregister).toHaveBeenCalledOnce();
  });

  it("does without where the service worker is refused, as it is by this very script", async () => {
    const register = vi.fn(async () => Promise.reject(new TypeError("refused")));
    workerOf(webKit, { register });
    const unhandled = vi.fn();
    process.once("unhandledRejection", unhandled);
    serveAuth(createIssuer().provider);
    await new Promise((resolve) => setTimeout(resolve));
    process.off("unhandledRejection", unhandled);
    expect(register).toHaveBeenCalledOnce();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("is no matter in other browsers", async () => {
    const register = vi.fn();
    workerOf(firefox, { register });
    await keepProcess();
    expect(register).not.toHaveBeenCalled();
    workerOf(webKit); // as Chromium says it is, which has no service workers in workers
    await keepProcess();
  });
});
