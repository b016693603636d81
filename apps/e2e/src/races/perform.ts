import type { Calls, Instance } from "./instance.ts";
import type { Issuer } from "./issuer.ts";
import type { Person } from "./person.ts";
import type { InstancePlan, Step } from "./schedule.ts";
import type { Server } from "./server.ts";
import type { SharedStore } from "./store.ts";
import type { Time } from "./time.ts";

/** What a step may touch. */
export interface World {
  readonly instances: Instance[];
  readonly time: Time;
  readonly issuer: Issuer;
  readonly server: Server;
  readonly store: SharedStore;
  readonly calls: Calls;
  readonly person: Person;
  open(plan: InstancePlan): Instance;
}

/** Does what a step says; what follows from it, and time, is for others to let happen. */
export function perform(step: Step, world: World): void {
  const { instances, time, issuer, server, store, calls, person } = world;
  if ("who" in step) act(step, world, step.who % instances.length, at(instances, step.who));
  else if (step.does === "abort") calls.abortable[step.which % calls.abortable.length]?.abort(new Error("the caller's own"));
  else if (step.does === "stampede") {
    for (const instance of instances) if (!instance.process.dead) void instance[step.on]();
  } else if (step.does === "kill tokens") issuer.killAccessTokens();
  else if (step.does === "steal the lock") store.lock.steal();
  else if (step.does === "set the clocks") time.jump(step.by);
  else if (step.does === "grant trouble") server.grantTroubles.add(step.grant, step.kind, step.times);
  else if (step.does === "store trouble") store.troubles.add(step.operation, step.kind, step.times);
  else if (step.does === "api trouble") server.apiTroubles.add("api", "lost", step.times);
  else if (step.does === "outage") store.outage(step.of);
  else if (step.does === "answer as the person") person.answer(step.which, step.declines);
}

function act(step: Step, { instances, open }: World, index: number, instance: Instance): void {
  if (step.does === "open") {
    if (!instance.process.dead) instance.close();
    instance.process.thaw();
    instances[index] = open(instance.plan);
    return;
  }
  if (instance.process.dead) return;
  if (step.does === "fetch") void instance.fetch(step.refused);
  else if (step.does === "login") void instance.login(step.user);
  else if (step.does === "crash") {
    instance.crash();
    instances[index] = open(instance.plan);
  } else if (step.does === "thaw") instance.process.thaw();
  else if (step.does === "end a request") instance.endRequest(step.which);
  else if (step.does === "renew") void instance.renew();
  else if (step.does === "invalidate") instance.invalidate();
  else if (step.does === "logout") instance.logout();
  else if (step.does === "close") instance.close();
  else if (step.does === "freeze" || step.does === "stall") instance.freeze();
}

export function at(instances: readonly Instance[], index: number): Instance {
  return instances[index % instances.length] as Instance; // there is one at least
}
