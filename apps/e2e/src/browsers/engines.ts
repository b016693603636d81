import { existsSync } from "node:fs";
import { chromiumFlags, findChromium } from "../../../../scripts/chromium.ts";
import type { Engine } from "./browser.ts";
import { launchWithPuppeteer } from "./puppeteer.ts";
import { findWebKit, launchWebKit } from "./webkit.ts";

const usualFirefoxes = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"];
const firefox = process.env.FIREFOX_PATH ?? usualFirefoxes.find((path) => existsSync(path));
const chromium = findChromium();
const webkit = findWebKit();

const missing = (name: string) => Promise.reject(new Error(`${name} is not installed`));

/** The three engines of the web. One that is not installed is here too, so that a test or a table can say so. */
export const engines: readonly Engine[] = [
  {
    name: "Chromium",
    installed: chromium !== undefined,
    launch: () => (chromium ? launchWithPuppeteer("chrome", chromium, chromiumFlags) : missing("Chromium")),
  },
  {
    name: "Firefox",
    installed: firefox !== undefined,
    launch: () => (firefox ? launchWithPuppeteer("firefox", firefox, []) : missing("Firefox")),
  },
  {
    name: "WebKitGTK",
    installed: webkit !== undefined,
    launch: () => (webkit ? launchWebKit(webkit) : missing("WebKitGTK")),
  },
];
