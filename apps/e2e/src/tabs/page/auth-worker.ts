import { webStore } from "@keyturn/store-web";
import { serveAuth } from "@keyturn/store-web/worker";
import { xsignals } from "@keyturn/xsignals";
import { shiftedClock } from "../../../../../scripts/shifted-clock.ts";

const clock = shiftedClock();
const keeps = (globalThis as { readonly name?: string }).name === "stored worker"; // a worker has the name it was given
serveAuth(xsignals({ baseUrl: location.origin }), { clock, ...(keeps && { store: webStore("session") }) });

// Time goes on here when a tab says so: to `shift`, as a worker may be younger than its tabs.
const time = new BroadcastChannel("time of the worker");
let shift = 0;
time.addEventListener("message", ({ data }) => {
  clock.advance(Number(data) - shift);
  shift = Number(data);
  time.postMessage("done");
});
