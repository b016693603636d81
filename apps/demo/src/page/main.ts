import { finapi } from "../systems/finapi.ts";
import { oauth2 } from "../systems/oauth2.ts";
import { oloid } from "../systems/oloid.ts";
import { platformIo } from "../systems/platform-io.ts";
import { xfa } from "../systems/xfa.ts";
import { xsignals } from "../systems/xsignals.ts";
import { xsignalsSso } from "../systems/xsignals-sso.ts";
import { createBackend } from "./backend.ts";
import { createDesk } from "./desk.ts";
import { createScreen } from "./screen.ts";
import { now, openSession } from "./session.ts";

/** Ms between two looks at what there is to show: a burst brings hundreds of changes at once. */
const frame = 60;

const backend = createBackend(location.href);
const settings = await backend.settings();
const systems = [xfa, xsignals, xsignalsSso, platformIo, finapi, oloid, oauth2].filter(({ name }) => name in settings);
const [first = xfa] = systems;

const every = (ms: number, work: () => void): (() => void) => {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
};
const screen = createScreen(document);
const desk = createDesk({ settings, backend, open: openSession, now, every }, first);

screen.connect(desk, systems);
every(frame, () => screen.show(desk.view, now(), Date.now()));
await desk.choose(first);
