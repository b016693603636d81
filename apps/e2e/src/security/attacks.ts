import { challenges, retryAfters } from "./api-answers.ts";
import type { Attack } from "./attack.ts";
import { callbacks, pendingLogins } from "./callbacks.ts";
import { loopbackPorts } from "./loopback.ts";
import { pageCallbacks } from "./page-callbacks.ts";
import { records } from "./records.ts";
import { redirects } from "./redirects.ts";
import { tokenAnswers } from "./token-answers.ts";
import { originOptions, urlSpellings, urlsOverTheWire } from "./urls.ts";

export const attacks: readonly Attack[] = [
  ...[urlSpellings, originOptions, urlsOverTheWire, redirects],
  ...[tokenAnswers, challenges, retryAfters, records],
  ...[callbacks, pendingLogins, pageCallbacks, loopbackPorts],
];
