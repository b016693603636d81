// Ends a test run with its counts alone on the last line, readable by any tool.
import { writeSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function count(modules: readonly TestModule[], errorsOutsideTests: number): Counts {
  // An error outside every test (an unhandled rejection, say) fails the run, so it must show in the line.
  const counts: Counts = { passed: 0, failed: errorsOutsideTests, skipped: 0 };
  for (const module of modules) {
    // The same holds for a file or a hook that threw: none of its tests need be marked as failed.
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed += 1;
      else if (state === "failed") failedHere += 1;
      else counts.skipped += 1;
    }
    counts.failed += failedHere || (module.ok() ? 0 : 1);
  }
  return counts;
}

/** A vitest reporter that prints `N passed, N failed, N skipped` as the process ends, after coverage and everything else. */
export default class SummaryReporter implements Reporter {
  #counts: Counts | undefined;

  onInit(): void {
    process.on("exit", () => {
      if (!this.#counts) return;
      const { passed, failed, skipped } = this.#counts;
      writeSync(1, `${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.#counts = count(modules, errors.length);
  }
}
