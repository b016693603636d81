import type { Call } from "../kit/index.ts";
import { badClient, badGrant, badRefreshToken, missingField } from "./errors.ts";
import type { FinapiClient, FinapiFacts } from "./options.ts";
import type { TokenAnswer, Tokens } from "./tokens.ts";
import { identityOf } from "./tokens.ts";
import type { Users } from "./users.ts";

/** The parameters of a call to the OAuth services. */
export type Parameters = (name: string) => string | undefined;

/** Tokens for a client that is known by its parameters alone: a Basic header is not looked at. */
export type GrantTokens = (call: Call, parameter: Parameters) => TokenAnswer;

/** The three grants of the token endpoint. */
export function createGrants({ clients }: FinapiFacts, users: Users, tokens: Tokens): GrantTokens {
  const login = (call: Call, client: FinapiClient, parameter: Parameters) => {
    const [username, password] = [required(parameter, "username"), required(parameter, "password")];
    call.note({ identity: username.toLowerCase() });
    return tokens.issue({ client, account: users.authenticate(client, username, password) });
  };

  const refresh = (call: Call, client: FinapiClient, parameter: Parameters) => {
    const refreshToken = required(parameter, "refresh_token");
    call.note({ tokenUsed: refreshToken });
    const owner = tokens.ownerOfRefresh(refreshToken);
    if (owner) call.note({ identity: identityOf(owner) });
    const answer = tokens.refresh(refreshToken, client);
    if (!answer) throw badRefreshToken();
    return answer;
  };

  return (call, parameter) => {
    const client = clients.find(({ clientId }) => clientId === parameter("client_id"));
    if (!client || client.clientSecret !== parameter("client_secret")) throw badClient();
    const grantType = required(parameter, "grant_type");
    if (grantType === "password") return login(call, client, parameter);
    if (grantType === "refresh_token") return refresh(call, client, parameter);
    if (grantType !== "client_credentials") throw badGrant();
    call.note({ identity: client.clientId });
    return tokens.issue({ client });
  };
}

function required(parameter: Parameters, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw missingField(name);
  return value;
}
