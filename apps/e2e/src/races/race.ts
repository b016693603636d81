import type fc from "fast-check";
import { type Calls, type Instance, openInstance } from "./instance.ts";
import { createIssuer, type Issuer } from "./issuer.ts";
import { createLaws } from "./laws.ts";
import type { Core } from "./load-core.ts";
import { at, perform } from "./perform.ts";
import { createPerson } from "./person.ts";
import type { InstancePlan, Schedule } from "./schedule.ts";
import { createServer } from "./server.ts";
import { createSharedStore, type SharedStore } from "./store.ts";
import { createTime } from "./time.ts";

/** So many steps towards rest, and it counts as never coming. */
const patience = 20_000;
/** Longer than any failure forbids to try again. */
const aWhile = 7_200_000;

/** Lives through one schedule. Rejects with the laws that were broken. */
export async function race(core: Core, scheduler: fc.Scheduler, { world: plan, steps }: Schedule): Promise<void> {
  const time = createTime();
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  const laws = createLaws({
    time,
    serial: () => issuer.serial,
    issued: (token) => issuer.issued(token),
    accepts: (token) => issuer.accepts(token),
    record: () => store.record,
    special: plan.special,
    promptEvents: plan.lock === "missing",
    isLocked: (sender) => plan.lock === "good" && store.lock.owner === sender,
    isUnderLock: () => plan.lock === "good" && store.lock.runsOwner,
  });
  const issuer: Issuer = createIssuer(core, time, plan.issuer);
  const person = createPerson(core);
  const server = createServer(core, issuer, turn, laws, plan.special === "a person" ? person : undefined);
  const store: SharedStore = createSharedStore(time, laws, plan.lock, plan.watched);
  const calls: Calls = { open: new Set(), abortable: [], count: 0 };
  const unfair: string[] = [];
  const breaks = (law: string) => void unfair.push(law);
  let opened = 0;

  const open = (instance: InstancePlan): Instance =>
    openInstance(`instance ${++opened}`, instance, {
      core,
      time,
      turn,
      laws,
      server,
      store: plan.store === "none" ? undefined : store,
      calls,
      breaks,
    });

  const notCaught = (reason: unknown) => breaks(`[12] a rejection nobody handles: ${reason}`);
  const chance = Math.random;
  let state = plan.chance;
  Math.random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  process.on("unhandledRejection", notCaught);
  try {
    await run();
  } finally {
    Math.random = chance;
    process.off("unhandledRejection", notCaught);
  }

  /** Lets follow what follows without anybody's help, and looks whether it was right. */
  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    laws.step();
    const broken = [...unfair, ...laws.broken];
    if (broken.length > 0) throw new Error(broken.join("\n"));
  }

  async function answers(count: number): Promise<void> {
    for (let done = 0; done < count && scheduler.count() > 0; done++) {
      await scheduler.waitNext(1);
      await settle();
    }
  }

  async function pass(ms: number): Promise<void> {
    const end = time.elapsed + ms;
    while (time.step(end - time.elapsed)) await settle();
    time.pass(end - time.elapsed);
  }

  /** Life goes on for `ms`: time passes only where nothing else happens. */
  async function live(ms: number): Promise<void> {
    const end = time.elapsed + ms;
    for (let step = 0; scheduler.count() > 0 || time.step(end - time.elapsed); step++) {
      if (step > patience) throw new Error(`[40, 44] does not come to an end: ${waiting()}`);
      if (scheduler.count() > 0) await answers(1);
      else await settle();
    }
    time.pass(Math.max(0, end - time.elapsed));
  }

  /** Until no call waits any more. */
  async function rest(): Promise<void> {
    await settle();
    await live(0);
    while (calls.open.size > 0 || time.pending > 0) {
      const next = time.next();
      if (next === undefined) throw new Error(`[40, 44] waits for ever: ${waiting()}`);
      await live(next);
    }
    laws.rest();
    await settle();
  }

  function waiting(): string {
    return [...calls.open].map(({ label }) => label).join(", ");
  }

  async function logInBefore({ login }: Instance): Promise<void> {
    void login({ username: "ada", password: "correct horse" });
    await settle();
    await live(0);
    person.answer(0, false);
    await rest();
  }

  async function run(): Promise<void> {
    if (plan.stored && plan.store === "shared") {
      const before = open({ username: "ada", credentials: "none", skew: 0 });
      await logInBefore(before);
      before.close();
      await rest();
    }
    const instances = plan.instances.map(open);
    if (plan.stored && plan.store === "none") for (const instance of instances) await logInBefore(instance);
    for (const step of steps) {
      perform(step, { instances, open, time, issuer, server, store, calls, person });
      if (step.does === "answers") await answers(step.count);
      else if (step.does === "time") await pass(step.ms);
      else if (step.does === "life" || step.does === "stall") await live(step.ms);
      else await settle();
      if (step.does === "stall") at(instances, step.who).process.thaw();
    }
    for (const { process } of instances) process.thaw();
    for (const troubles of [server.grantTroubles, server.apiTroubles, store.troubles]) troubles.clear();
    store.outage("none");
    person.hurry();
    await rest();
    await live(aWhile);
    await rest();
    for (const instance of instances) await goesOn(instance);
    for (const instance of instances) await beginsAnew(instance);
    for (const { close } of instances) close();
    await rest();
    if (time.pending > 0) throw new Error(`[45] ${time.pending} timers are left after close()`);
  }

  /** In the end whoever can log in, and was not ended, is served: at once, or after a 401 for a token whose end nobody announced. */
  async function goesOn({ plan: { credentials }, process, fetch, mustGoOn }: Instance): Promise<void> {
    const outcomes: string[] = [];
    const isKept = mustGoOn();
    while (outcomes.length < 3 && !process.dead && outcomes.at(-1) !== "200") {
      const served = fetch();
      await rest();
      await live(61_000);
      outcomes.push(await served);
    }
    const declined = plan.special === "a person" ? ["login-required"] : [];
    const ended = ["200", "closed", "logged-out", "superseded", ...declined].includes(outcomes.at(-1) ?? "");
    if (isKept && outcomes.at(-1) !== "200" && outcomes.at(-1) !== "superseded")
      throw new Error(`[59] ${process.name} has good tokens, the newest there are, and its last requests end with ${outcomes.join(", ")}`);
    if (!process.dead && !ended && (credentials === "given" || credentials === "asked for")) {
      throw new Error(`[51, 56] ${process.name} has good credentials, and its last requests end with ${outcomes.join(", ")}`);
    }
  }

  /** Whatever was, a login is a new beginning. */
  async function beginsAnew({ process, login, renew, fetch }: Instance): Promise<void> {
    for (const call of [() => login({ username: "ada", password: "correct horse" }), renew, fetch]) {
      const answer = call();
      await rest();
      if (process.dead) return;
      const outcome = await answer;
      if (!["done", "200", "closed"].includes(outcome))
        throw new Error(`[52] ${process.name} has logged in anew, and a call ends with ${outcome}`);
    }
  }
}
