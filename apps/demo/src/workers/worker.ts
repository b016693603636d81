// One of the demo's processes: a session of its own on the store that all share.
import { cognito } from "@keyturn/cognito";
import { createAuth } from "@keyturn/core";
import ky from "ky";
import { serve, tell } from "../../../../scripts/child.ts";
import { shiftedClock } from "../../../../scripts/shifted-clock.ts";
import type { Sign } from "./lanes.ts";
import { stores } from "./stores.ts";

/** What a process is told at its start. */
export interface WorkerPlan {
  readonly store: string;
  readonly address: string;
  readonly server: string;
  readonly clientId: string;
  readonly credentials: { readonly username: string; readonly password: string };
}

export type WorkerOffer = typeof offer;

const plan = JSON.parse(process.argv[2] ?? "") as WorkerPlan; // written by runWorkers
const { server, clientId, credentials } = plan;
const store = stores[plan.store]?.open(plan.address);
if (!store) throw new Error(`no store ${plan.store}`);

const clock = shiftedClock();
const auth = createAuth(cognito({ endpoint: server, clientId, rotation: true }), { store, credentials, clock, origins: [server] });
const api = ky.create({ baseUrl: server, fetch: auth.fetch, retry: 0 });
const nextEvent = () =>
  new Promise<void>((resolve) => {
    const stop = auth.subscribe(() => {
      stop();
      resolve();
    });
  });
const see = (sign: Sign) => tell(sign);
auth.subscribe((event) => {
  if (event.type === "token-issued") see(event.grant === "login" ? "logs in" : "renews");
  if (event.type === "token-shared") see("takes over what another got");
});

const offer = {
  /** Sends one request; what became of it is told. Ends when a renewal behind it has ended too: time that is moved by hand stands still until then. */
  async send(): Promise<void> {
    const succeeded = await api.get("protected").then(
      () => true,
      () => false,
    );
    see(succeeded ? "request" : "a request fails");
    while (auth.status.renewing) await nextEvent();
  },
  advance: (ms: number): void => clock.advance(ms),
  close: (): Promise<void> => auth.close(),
};
serve(offer);
