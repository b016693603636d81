import type { Call } from "../kit/index.ts";
import { invalidToken, noToken, wrongRole } from "./errors.ts";
import type { FinapiClient, FinapiFacts } from "./options.ts";
import type { Owner, Tokens } from "./tokens.ts";
import { identityOf } from "./tokens.ts";
import type { Account } from "./users.ts";

/** Who calls, by the token that came along. */
export interface Roles {
  /** A client or a user. */
  ownerOf(call: Call): Owner;
  /** A client itself; its users are refused. */
  clientOf(call: Call): FinapiClient;
  /** A user; the client itself is refused. */
  userOf(call: Call): Account;
  /** The numbers of client and user, as errors tell them; 0 where there is none. */
  contextOf(call: Call): string;
}

/** Roles by token. Refusals are thrown. */
export function createRoles({ clients }: FinapiFacts, tokens: Tokens): Roles {
  const ownerOf = (call: Call): Owner => {
    const token = call.bearer();
    if (token === undefined) throw noToken();
    call.note({ tokenUsed: token });
    const owner = tokens.ownerOfAccess(token);
    if (!owner) throw invalidToken(token);
    call.note({ identity: identityOf(owner) });
    return owner;
  };

  return {
    ownerOf,
    clientOf: (call) => {
      const { client, account } = ownerOf(call);
      if (account) throw wrongRole();
      return client;
    },
    userOf: (call) => {
      const { account } = ownerOf(call);
      if (!account) throw wrongRole();
      return account;
    },
    contextOf: (call) => {
      const owner = tokens.ownerOfAccess(call.bearer() ?? "");
      return owner ? `${clients.indexOf(owner.client) + 1}/${owner.account?.number ?? 0}` : "0/0";
    },
  };
}
