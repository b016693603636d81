import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/chromium.ts";
import { echo } from "./scripts/echo.ts";
import { forcedStore } from "./scripts/forced-store.ts";

const pageTests = "apps/demo/src/page/**/*.test.ts";
const browserTests = "**/*.browser.test.ts";
const neverTests = ["**/node_modules/**", "**/dist/**"];

const node: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "node",
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: [...neverTests, pageTests, browserTests],
  },
};

/** Another project again, with a memory store under every session of core's tests that names no store. */
const shared = (project: TestProjectInlineConfiguration, include: string[]): TestProjectInlineConfiguration => ({
  ...project,
  plugins: [forcedStore()],
  test: { ...project.test, name: `${project.test?.name}-shared`, include, env: { KEYTURN_FORCED_STORE: "1" } },
});

const nodeShared = shared(node, ["packages/core/src/**/*.test.ts"]);

const happyDom: TestProjectInlineConfiguration = {
  extends: true,
  test: { name: "happy-dom", environment: "happy-dom", include: [pageTests], exclude: [...neverTests, browserTests] },
};

const browser = (executablePath: string): TestProjectInlineConfiguration => ({
  extends: true,
  plugins: [echo()],
  test: {
    name: "browser",
    include: [`packages/*/src/${browserTests}`, `apps/*/src/${browserTests}`],
    exclude: neverTests,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: [...chromiumFlags] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});

function browserProjects(): TestProjectInlineConfiguration[] {
  const chromium = findChromium();
  if (chromium) return [browser(chromium)];
  process.stderr.write("no Chromium found: the browser tests are left out (CHROMIUM_PATH names one)\n");
  return [];
}

const mutatedTests = ["packages/core/src/*.test.ts", "packages/core/src/{fetch,session,store,provider}/*.test.ts"];

/** Stryker runs tests once per mutant: all in one worker, and what hangs is soon told. */
const mutation: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "mutation",
    include: mutatedTests,
    exclude: [...neverTests, browserTests],
    isolate: false,
    testTimeout: 2_000,
  },
};

const projects = process.env.STRYKER_MUTATOR_WORKER
  ? [mutation, shared(mutation, mutatedTests)]
  : [node, nodeShared, happyDom, ...browserProjects()];

export default defineConfig({
  test: {
    projects,
    // Generous: nothing waits for time to pass, but two cores may have much else to do.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: "100%",
    reporters: ["default", "./scripts/summary-reporter.ts"],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/*.fixture.ts", "**/test-kit.ts"],
      reporter: ["text-summary", "html"],
      reportsDirectory: "coverage",
    },
  },
});
