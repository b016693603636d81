import type { Addresses } from "./api.ts";
import type { Outcome } from "./suite.ts";

/** What a module could do while it is imported that would be seen from outside. Not `queueMicrotask`: Deno finds its own by that name, later. */
const effects = ["fetch", "setTimeout", "setInterval", "addEventListener"];

/** Imports everything, and says what that did beside. */
async function load(): Promise<{ readonly suite: typeof import("./suite.ts"); readonly done: readonly string[] }> {
  const done: string[] = [];
  const namesBefore = new Set(Reflect.ownKeys(globalThis));
  const restored = effects.filter((name) => name in globalThis).map((name) => watched(name, () => done.push(name)));
  const suite = await import("./suite.ts");
  for (const restore of restored) restore();
  const newNames = Reflect.ownKeys(globalThis).filter((name) => !namesBefore.has(name));
  return { suite, done: [...done, ...newNames.map(String)] };
}

/** Tells of each call of a global function by a file of the bundle. What drives a browser may call it too. */
function watched(name: string, tell: () => void): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  const original: unknown = Reflect.get(globalThis, name);
  const value = (...args: unknown[]): unknown => {
    const ours = new Error("where from?").stack?.match(/\b(suite|chunk)-\w+\.js/g) ?? [];
    if (ours.length > 1) tell(); // this very function is one of them
    return Reflect.apply(original as () => void, globalThis, args); // it is one of the functions above
  };
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  return () => {
    Reflect.deleteProperty(globalThis, name);
    if (before) Object.defineProperty(globalThis, name, before);
  };
}

/** The whole suite. */
export async function run(addresses: Addresses): Promise<Outcome[]> {
  const { suite, done } = await load();
  const unhandled: string[] = [];
  const note = ({ reason }: PromiseRejectionEvent): void => void unhandled.push(String(reason));
  globalThis.addEventListener?.("unhandledrejection", note); // Node has no such event, and ends with the process instead
  const outcomes = await suite.runCases(addresses);
  globalThis.removeEventListener?.("unhandledrejection", note);
  return [outcome("importing does nothing else", done), ...outcomes, outcome("no rejection is left unhandled", unhandled)];
}

function outcome(name: string, problems: readonly string[]): Outcome {
  return problems.length === 0 ? { name } : { name, error: problems.join(", ") };
}
