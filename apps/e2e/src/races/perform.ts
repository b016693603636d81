import type { Calls, Holder } from "./holder.ts";
import type { Issuer } from "./issuer.ts";
import type { HolderPlan, Step } from "./schedule.ts";
import type { Server } from "./server.ts";
import type { SharedStore } from "./store.ts";
import type { Time } from "./time.ts";

/** What a step may touch. */
export interface World {
  readonly holders: Holder[];
  readonly time: Time;
  readonly issuer: Issuer;
  readonly server: Server;
  readonly store: SharedStore;
  readonly calls: Calls;
  open(plan: HolderPlan): Holder;
}

/** Does what a step says; what follows from it, and time, is for others to let happen. */
export function perform(step: Step, world: World): void {
  const { holders, time, issuer, server, store, calls } = world;
  if ("who" in step) act(step, world, step.who % holders.length, at(holders, step.who));
  else if (step.does === "abort") calls.abortable[step.which % calls.abortable.length]?.abort(new Error("the caller's own"));
  else if (step.does === "stampede") {
    for (const holder of holders) if (!holder.process.dead) void holder[step.on]();
  } else if (step.does === "kill tokens") issuer.killAccessTokens();
  else if (step.does === "steal the lock") store.lock.steal();
  else if (step.does === "set the clocks") time.jump(step.by);
  else if (step.does === "grant trouble") server.grantTroubles.add(step.grant, step.kind, step.times);
  else if (step.does === "store trouble") store.troubles.add(step.operation, step.kind, step.times);
  else if (step.does === "api trouble") server.apiTroubles.add("api", "lost", step.times);
}

function act(step: Step, { holders, open }: World, index: number, holder: Holder): void {
  if (step.does === "open") {
    if (!holder.process.dead) holder.close();
    holder.process.thaw();
    holders[index] = open(holder.plan);
    return;
  }
  if (holder.process.dead) return;
  if (step.does === "fetch") void holder.fetch(step.refused);
  else if (step.does === "login") void holder.login(step.user);
  else if (step.does === "crash") {
    holder.crash();
    holders[index] = open(holder.plan);
  } else if (step.does === "thaw") holder.process.thaw();
  else if (step.does === "renew") void holder.renew();
  else if (step.does === "invalidate") holder.invalidate();
  else if (step.does === "logout") holder.logout();
  else if (step.does === "close") holder.close();
  else if (step.does === "freeze" || step.does === "stall") holder.freeze();
}

export function at(holders: readonly Holder[], index: number): Holder {
  return holders[index % holders.length] as Holder; // there is one at least
}
