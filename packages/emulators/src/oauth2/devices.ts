import type { Call, IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable } from "../kit/index.ts";
import type { OAuth2Client } from "./clients.ts";
import { OAuth2Error } from "./errors.ts";
import { type Grant, scopesOf } from "./grant.ts";
import type { OAuth2Facts, OAuth2User } from "./options.ts";
import { pageAnswer } from "./pages.ts";
import type { People } from "./people.ts";
import type { Form } from "./requests.ts";

interface Device extends IssuedToken {
  readonly client: OAuth2Client;
  readonly userCode: string;
  readonly scopes: readonly string[];
  readonly audience: string;
  decision: "open" | "denied" | "used" | OAuth2User;
  looks: number;
  lookedAt: number | undefined;
  /** Ms between two looks; five seconds more after each that came too soon (RFC 8628, section 3.5). */
  interval: number;
}

/** Devices that wait for a person (RFC 8628). */
export interface Devices {
  authorize(client: OAuth2Client, form: Form, origin: string): Response;
  /** What the person allowed. Throws while they have not, or if they will not. */
  look(deviceCode: string, client: OAuth2Client): Grant;
  page(call: Call): Response;
  submit(call: Call): Response;
  /** Decides in the name of a user. False: no device shows this code. */
  decide(userCode: string, decision: "allow" | "deny", who?: string): boolean;
  reset(): void;
}

const letters = "BCDFGHJKLMNPQRSTVWXZ";
/** Timers of a client may be a little early. */
const tolerance = 100;

export function createDevices(facts: OAuth2Facts, now: () => number, random: Random, people: People): Devices {
  const table = createTokenTable<Device>();
  const waiting = (userCode: string) => {
    const wanted = userCode.toUpperCase().replaceAll(/[^A-Z]/g, "");
    return table
      .of()
      .find((device) => device.userCode.replace("-", "") === wanted && device.decision === "open" && now() < device.expiresAt);
  };
  const newCode = () => [...random.bytes(8)].map((byte) => letters.charAt(byte % letters.length)).join("");

  const showPage = (userCode: string, text = "") =>
    pageAnswer({ title: "Connect a device", text, action: "/device", userCode, login: true, buttons: { allow: "Allow", deny: "Deny" } });

  return {
    authorize: (client, form, origin) => {
      const [deviceCode, code] = [random.text(43), newCode()];
      const userCode = `${code.slice(0, 4)}-${code.slice(4)}`;
      const scopes = scopesOf(form("scope"), facts, ["read", "write"]);
      const audience = form("resource") ?? form("audience") ?? facts.audience;
      const expiresAt = now() + facts.deviceCodeLifetime;
      const { deviceInterval } = facts;
      const state = { decision: "open" as const, looks: 0, lookedAt: undefined, interval: (deviceInterval ?? 5) * 1000 };
      table.add(deviceCode, { identity: client.clientId, client, userCode, scopes, audience, expiresAt, ...state });
      const uri = `${origin}/device`;
      const body = {
        ...{ device_code: deviceCode, user_code: userCode, verification_uri: uri },
        verification_uri_complete: `${uri}?user_code=${userCode}`,
        expires_in: Math.floor(facts.deviceCodeLifetime / 1000),
        ...(deviceInterval !== undefined && { interval: deviceInterval }),
      };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
    look: (deviceCode, client) => {
      const device = table.get(deviceCode);
      if (!device || device.client.clientId !== client.clientId || device.decision === "used") {
        throw new OAuth2Error("invalid_grant", "The device code is unknown, or has been used.");
      }
      if (now() >= device.expiresAt) throw new OAuth2Error("expired_token", "The device code has expired.");
      const tooSoon = device.lookedAt !== undefined && now() - device.lookedAt < device.interval - tolerance;
      device.lookedAt = now();
      if (tooSoon) {
        device.interval += 5_000;
        throw new OAuth2Error("slow_down", "The device looks too often.");
      }
      device.looks += 1;
      const byItself = facts.approval === "automatic" && device.looks > facts.devicePending ? people.find() : undefined;
      const decision = device.decision === "open" && byItself ? byItself : device.decision;
      if (decision === "denied") throw new OAuth2Error("access_denied", "The person said no.");
      if (typeof decision === "string") throw new OAuth2Error("authorization_pending", "The person has not decided yet.");
      device.decision = "used";
      const { scopes, audience } = device;
      const { id: subject, username: identity } = decision;
      return { client, user: decision, subject, identity, scopes, audience, authTime: Math.floor(now() / 1000), ended: false };
    },
    page: ({ url }) => showPage(url.searchParams.get("user_code") ?? ""),
    submit: (call) => {
      const form = call.form();
      const userCode = form.get("user_code") ?? "";
      const device = waiting(userCode);
      if (!device) return showPage(userCode, "No device shows this code.");
      const user = people.authenticate(form.get("username") ?? "", form.get("password") ?? "");
      if (!user) return showPage(userCode, "User name or password is wrong.");
      call.note({ identity: user.username });
      device.decision = form.get("decision") === "allow" ? user : "denied";
      return pageAnswer({ title: "Back to the device", text: "You can close this page." });
    },
    decide: (userCode, decision, who) => {
      const device = waiting(userCode);
      const user = people.find(who);
      if (!device || !user) return false;
      device.decision = decision === "allow" ? user : "denied";
      return true;
    },
    reset: () => table.clear(),
  };
}
