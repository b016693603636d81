import { parseAccept } from "hono/utils/accept";
import type { Call, Control, Emulator, ResourceControl, SessionControl } from "../kit/index.ts";
import { addResource, createKit, createSigner, fieldsOf, resourceHeaders, textField } from "../kit/index.ts";
import { createAccounts } from "./accounts.ts";
import { createXSignalsAnswers } from "./answers.ts";
import type { XSignalsOptions } from "./options.ts";
import { xsignalsFacts } from "./options.ts";
import { createSessions } from "./sessions.ts";

/** What log, faults and limits call the operations; POST /auth/logout is "revoke". */
export type XSignalsOp = "login" | "refresh" | "revoke" | "change-password" | "api";

/** The test's side of the XSignals emulator. */
export type XSignalsControl = Control<XSignalsOp> &
  SessionControl &
  ResourceControl & {
    setPassword(username: string, password: string): void;
  };

/** XSignals: login by Basic, refresh, logout, and an API that takes either scheme. */
export function createXSignalsEmulator(options: XSignalsOptions = {}): Emulator<XSignalsControl> {
  const facts = xsignalsFacts(options);
  const { done, refuse, throttled } = createXSignalsAnswers(facts);
  const kit = createKit<XSignalsOp>({
    name: "xsignals",
    ...options,
    throttled,
    cors: () => ({ origins: facts.origins, expose: resourceHeaders }),
    notFound: () => refuse(404),
  });
  const accounts = createAccounts(facts.users);
  const sessions = createSessions(facts, kit.now, kit.random, createSigner());
  kit.onReset(() => {
    for (const part of [accounts, sessions]) part.reset();
  });

  const bodyField = (call: Call, name: string) => {
    const isJson = call.request.headers.get("content-type")?.startsWith("application/json");
    return isJson || facts.contentType === "lenient" ? textField(fieldsOf(call.json()), name) : undefined;
  };
  const bearerUser = async (call: Call) => {
    const token = call.bearer();
    if (token === undefined) return undefined;
    call.note({ tokenUsed: token });
    return sessions.ownerOfAccess(token);
  };
  // One scheme a request: an Authorization header sent twice arrives as one value that fits neither.
  const anyUser = async (call: Call) => (await bearerUser(call)) ?? accounts.authenticate(call.request);

  kit.route("GET", "/auth/login", "login", async (call) => {
    const username = accounts.authenticate(call.request);
    if (username === undefined) return refuse(401);
    call.note({ identity: username });
    return Response.json(await sessions.open(username), { headers: facts.noStore ? { "cache-control": "no-store" } : {} });
  });

  kit.route("POST", "/auth/refresh", "refresh", async (call) => {
    const refreshToken = bodyField(call, "refreshToken");
    if (refreshToken === undefined) return refuse(400);
    call.note({ tokenUsed: refreshToken });
    const identity = sessions.ownerOfRefresh(refreshToken);
    if (identity !== undefined) call.note({ identity });
    const tokens = await sessions.refresh(refreshToken);
    return tokens ? Response.json(tokens) : refuse(401);
  });

  kit.route("POST", "/auth/logout", "revoke", async (call) => {
    const identity = await bearerUser(call);
    if (identity === undefined) return refuse(401);
    call.note({ identity });
    const refreshToken = bodyField(call, "refreshToken");
    if (refreshToken === undefined) return refuse(400);
    sessions.close(refreshToken, identity);
    return done();
  });

  kit.route("POST", "/auth/changePassword", "change-password", async (call) => {
    const identity = await anyUser(call);
    if (identity === undefined) return refuse(401);
    call.note({ identity });
    const password = bodyField(call, "password");
    if (password === undefined) return refuse(400);
    accounts.setPassword(identity, password);
    if (facts.passwordChangeEndsTokens) {
      sessions.expireAccess(identity);
      sessions.revokeRefresh(identity);
    }
    return done();
  });

  const resource = addResource<XSignalsOp>(kit, async (call) => {
    const identity = await anyUser(call);
    if (identity === undefined) return refuse(401);
    return acceptsJson(call.request) ? { identity } : refuse(406);
  });

  return kit.emulator({
    ...resource,
    expireAccess: (who?: string) => sessions.expireAccess(who),
    revokeRefresh: (who?: string) => sessions.revokeRefresh(who),
    failedLogins: (who: string) => accounts.failures(who),
    setPassword: (username: string, password: string) => accounts.setPassword(username, password),
  });
}

function acceptsJson({ headers }: Request): boolean {
  const wanted = headers.get("accept");
  return wanted === null || parseAccept(wanted).some(({ type, q }) => q > 0 && ["*/*", "application/*", "application/json"].includes(type));
}
