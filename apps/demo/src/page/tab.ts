import { webStore } from "@keyturn/store-web";
import { xsignals } from "../systems/xsignals.ts";
import { createBackend } from "./backend.ts";
import { openSession } from "./session.ts";
import { moved, type TabNews, type TabOrder } from "./tab-messages.ts";
import { errorText } from "./words.ts";

// One of the tabs that tabs.html shows, with a session object of its own.
const tab = Number(new URLSearchParams(location.search).get("tab"));
const tell = (news: TabNews) => parent.postMessage(news, location.origin);
const settings = await createBackend(location.href).settings();
const { auth, request } = await openSession(
  xsignals,
  settings[xsignals.name] ?? {},
  (moment) => {
    tell({ tab, moment: moved(moment, performance.timeOrigin) });
    tell({ tab, state: auth.status.state });
  },
  undefined,
  webStore("demo"),
);

async function obey(order: TabOrder): Promise<unknown> {
  if (order.order === "log-in") return auth.login();
  if (order.order === "log-out") return auth.logout();
  return Promise.all(Array.from({ length: order.size }, request));
}

addEventListener("message", ({ data, origin }: MessageEvent<TabOrder>) => {
  if (origin !== location.origin) return;
  obey(data)
    .catch((error: unknown) => tell({ tab, problem: errorText(error) }))
    .finally(() => tell({ tab, state: auth.status.state }));
});
auth.subscribe(() => tell({ tab, state: auth.status.state }));
tell({ tab, state: auth.status.state });
