import type { Call, Control, Emulator, SessionControl, Throttled } from "../kit/index.ts";
import { createKit, createSigner, createTokenTable, resourceHeaders } from "../kit/index.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { type ApiControl, addApi } from "./api.ts";
import { createAuthorization } from "./authorization.ts";
import { createCodes } from "./codes.ts";
import { createDevices } from "./devices.ts";
import { addDiscovery } from "./discovery.ts";
import { createDpop } from "./dpop.ts";
import { createGrants } from "./grants.ts";
import { createIssue } from "./issue.ts";
import { addLogout, type LogoutNotice } from "./logout.ts";
import { checkedKnobs, type OAuth2Facts, type OAuth2Options, oauth2Facts } from "./options.ts";
import { createPeople } from "./people.ts";
import { createPushedRequests } from "./pushed-requests.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import { addTokenEndpoints, type TokenEndpointOp } from "./token-endpoints.ts";

/** What log, faults and limits call the operations. */
export type OAuth2Op = TokenEndpointOp | "authorize" | "decide" | "userinfo" | "logout" | "discovery" | "jwks" | "api";

/** The test's side of the OAuth 2 emulator. `who` is a user name, or a client id. */
export type OAuth2Control = Control<OAuth2Op> &
  SessionControl &
  ApiControl & {
    /** Turns knobs from now on; `reset()` turns them back. Throws a TypeError for a name that is none. */
    change(knobs: Partial<OAuth2Facts>): void;
    setPassword(username: string, password: string): void;
    /** Decides for a device in the name of a user, by default the first. False: no device shows this code. */
    decideDevice(userCode: string, decision: "allow" | "deny", who?: string): boolean;
    /** Ends sessions of people at the server, and posts logout tokens to the clients that took part. */
    endSessions(who?: string): Promise<LogoutNotice[]>;
  };

/** An OAuth 2 and OpenID Connect server as the RFCs have it, with knobs for what real ones do, and an API that takes its tokens. */
export function createOAuth2Emulator(options: OAuth2Options = {}): Emulator<OAuth2Control> {
  const original = oauth2Facts(options);
  const facts = { ...original };
  const { fetch = (input, init) => globalThis.fetch(input, init), clock, seed } = options;
  const kit = createKit<OAuth2Op>({
    ...{ name: "oauth2", ...(clock && { clock }), ...(seed !== undefined && { seed }) },
    throttled,
    cors: (path) => corsRule(path, facts),
    clockSkew: () => facts.clockSkew,
  });
  const { random, now } = kit;
  const signer = () => createSigner(facts.alg);
  const used = createTokenTable();
  let lastIssuer = facts.issuer ?? "https://login.example.com";
  const issuerOf = ({ url }: Pick<Call, "url">) => {
    lastIssuer = facts.issuer ?? url.origin;
    return lastIssuer;
  };

  const people = createPeople(facts, now, random);
  const codes = createCodes(facts, now, random);
  const pushed = createPushedRequests(facts, now, random);
  const devices = createDevices(facts, now, random, people);
  const dpop = createDpop(facts, now, random, used);
  const accessTokens = createAccessTokens(facts, now, random, signer);
  const refreshTokens = createRefreshTokens(facts, now, random);
  const issueTokens = createIssue(facts, now, accessTokens, signer);
  const grantTokens = createGrants({ facts, now, people, codes, devices, accessTokens, refreshTokens });
  const authorization = createAuthorization({ facts, now, random, people, codes, pushed });

  addTokenEndpoints(kit, { facts, issuerOf, now, used, dpop, grantTokens, issueTokens, accessTokens, refreshTokens, pushed, devices });
  addDiscovery(kit, facts, issuerOf, signer);
  kit.route("GET", "/authorize", "authorize", (call) => authorization.ask(call, issuerOf(call)));
  kit.route("POST", "/authorize", "decide", (call) => authorization.decide(call, issuerOf(call)));
  kit.route("GET", "/device", "decide", (call) => devices.page(call));
  kit.route("POST", "/device", "decide", (call) => devices.submit(call));
  const { endSessions } = addLogout(kit, { facts, now, random, people, signer, issuerOf, fetch, lastIssuer: () => lastIssuer });
  const api = addApi(kit, { facts, accessTokens, dpop });
  kit.onReset(() => {
    Object.assign(facts, original);
    for (const part of [people, codes, pushed, devices, dpop, accessTokens, refreshTokens, authorization]) part.reset();
    used.clear();
  });

  return kit.emulator({
    ...api,
    change: (knobs: Partial<OAuth2Facts>) => void Object.assign(facts, checkedKnobs(knobs)),
    expireAccess: (who?: string) => accessTokens.expire(who),
    revokeRefresh: (who?: string) => refreshTokens.revokeAll(who),
    failedLogins: (who: string) => people.failures(who),
    setPassword: (username: string, password: string) => people.setPassword(username, password),
    decideDevice: (userCode: string, decision: "allow" | "deny", who?: string) => devices.decide(userCode, decision, who),
    endSessions,
  });
}

function corsRule(path: string, { origins, exposeDate }: OAuth2Facts) {
  if (path.startsWith("/.well-known/")) return { origins: "*" as const };
  if (path === "/authorize" || path === "/device" || path === "/logout") return undefined; // pages, which people are sent to
  const exposed = resourceHeaders.filter((name) => exposeDate || name !== "Date");
  return { origins, expose: [...exposed, "DPoP-Nonce"] };
}

function throttled({ retryAfter }: Throttled, { url }: Call): Response {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const isApi = ["/protected", "/echo", "/userinfo"].includes(url.pathname);
  return isApi ? new Response(null, { status: 429, headers }) : Response.json({ error: "too_many_requests" }, { status: 429, headers });
}
