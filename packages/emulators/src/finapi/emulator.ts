import type { Control, Emulator, ResourceControl, SessionControl, Throttled } from "../kit/index.ts";
import { addResource, createKit, resourceHeaders } from "../kit/index.ts";
import { bankAsks } from "./errors.ts";
import { createGrants } from "./grants.ts";
import type { FinapiOauthOp } from "./oauth-endpoints.ts";
import { addOauthEndpoints } from "./oauth-endpoints.ts";
import type { FinapiOptions } from "./options.ts";
import { finapiFacts } from "./options.ts";
import { createRoles } from "./roles.ts";
import { createService } from "./service.ts";
import { createTokens, identityOf } from "./tokens.ts";
import type { FinapiUserOp } from "./user-endpoints.ts";
import { addUserEndpoints } from "./user-endpoints.ts";
import type { Account } from "./users.ts";
import { createUsers } from "./users.ts";
import type { FinapiWebFormOp } from "./web-form.ts";
import { addWebForm } from "./web-form.ts";

/** What log, faults and limits call the operations. */
export type FinapiOp = FinapiOauthOp | FinapiUserOp | FinapiWebFormOp | "api";

/** The test's side of the finAPI emulator. `who` is a user's id, in any case, or a client's. */
export type FinapiControl = Control<FinapiOp> &
  SessionControl &
  ResourceControl & {
    setPassword(userId: string, password: string): void;
    /** What too many wrong passwords do: the user's tokens die, and no password helps. */
    lock(userId: string): void;
    unlock(userId: string): void;
    /** The next call to the API is answered 510: its bank wants a TAN. */
    askForTan(): void;
  };

/** finAPI Access: tokens for clients and users, users, and an API that takes either token. */
export function createFinapiEmulator(options: FinapiOptions = {}): Emulator<FinapiControl> {
  const facts = finapiFacts(options);
  const origins = facts.clients.flatMap(({ corsAllowedOrigins = [] }) => corsAllowedOrigins);
  const kit = createKit<FinapiOp>({
    ...options,
    name: "finapi",
    throttled,
    cors: (path) => (path.includes("/oauth/") ? undefined : { origins, expose: [...resourceHeaders, "X-Request-Id"] }),
  });
  const tokens = createTokens(facts, kit.now, kit.random);
  const users = createUsers(facts, kit.random, (account) => tokens.end(account));
  const roles = createRoles(facts, tokens);
  const service = createService(kit, roles, facts);

  addOauthEndpoints(service, createGrants(facts, users, tokens), tokens, roles, facts);
  addUserEndpoints(service, users, roles, facts);
  addWebForm(kit, tokens);
  let tanWanted = false;
  const resource = addResource<FinapiOp>(service, (call) => {
    const owner = roles.ownerOf(call);
    if (!tanWanted) return { identity: identityOf(owner) };
    tanWanted = false;
    throw bankAsks();
  });
  kit.onReset(() => {
    tokens.reset();
    users.reset();
    tanWanted = false;
  });

  const identity = (who: string | undefined) => (facts.clients.some(({ clientId }) => clientId === who) ? who : who?.toLowerCase());
  const eachNamed = (userId: string, change: (account: Account) => void) => {
    for (const account of users.named(userId)) change(account);
  };

  return kit.emulator({
    ...resource,
    expireAccess: (who?: string) => tokens.expireAccess(identity(who)),
    revokeRefresh: (who?: string) => tokens.revokeRefresh(identity(who)),
    failedLogins: (who: string) => users.named(who).reduce((sum, { failures }) => sum + failures, 0),
    setPassword: (userId: string, password: string) =>
      eachNamed(userId, (account) => {
        account.password = password;
      }),
    lock: (userId: string) => eachNamed(userId, (account) => users.lock(account)),
    unlock: (userId: string) => eachNamed(userId, (account) => users.unlock(account)),
    askForTan: () => {
      tanWanted = true;
    },
  });
}

// The vendor documents no limit, so there is no shape to keep.
function throttled({ retryAfter }: Throttled): Response {
  return new Response(null, { status: 429, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });
}
