import type { Call, Kit } from "../kit/index.ts";
import { fieldsOf, textField } from "../kit/index.ts";
import { encrypt } from "./encryption.ts";
import { badRequest, missingField, wrongPasswordChangeToken } from "./errors.ts";
import type { FinapiFacts } from "./options.ts";
import type { Roles } from "./roles.ts";
import type { Account, Users } from "./users.ts";

/** What log, faults and limits call the operations on users. */
export type FinapiUserOp =
  | "create-user"
  | "get-user"
  | "edit-user"
  | "delete-user"
  | "verify-user"
  | "verification-status"
  | "request-password-change"
  | "execute-password-change";

/** Users: a client creates them, and sees their passwords that once; each may look at itself. */
export function addUserEndpoints<Op extends string>(service: Kit<Op | FinapiUserOp>, users: Users, roles: Roles, facts: FinapiFacts): void {
  for (const version of ["v1", "v2"]) {
    const path = `/api/${version}/users`;
    const route = (method: string, below: string, op: FinapiUserOp, answer: (call: Call) => Response | Promise<Response>) =>
      service.route(method, path + below, op, answer);

    route("POST", "", "create-user", (call) => {
      const client = roles.clientOf(call);
      const account = users.create(client, bodyOf(call));
      return Response.json(userAnswer(account, account.password), { status: 201 });
    });

    route("GET", "", "get-user", (call) => Response.json(userAnswer(roles.userOf(call), "XXXXX")));

    route("PATCH", "", "edit-user", (call) => {
      const account = roles.userOf(call);
      users.edit(account, bodyOf(call));
      return Response.json(userAnswer(account, "XXXXX"));
    });

    route("DELETE", "", "delete-user", (call) => {
      users.remove(roles.userOf(call));
      return new Response(null);
    });

    route("GET", "/verificationStatus", "verification-status", (call) => {
      const account = users.ofClient(roles.clientOf(call), call.url.searchParams.get("userId") ?? "");
      return Response.json({ userId: account.id, isUserVerified: account.verified });
    });

    route("POST", "/verify/:userId", "verify-user", (call) => {
      users.verify(users.ofClient(roles.clientOf(call), call.params.userId ?? ""));
      return new Response(null);
    });

    route("DELETE", "/:userId", "delete-user", (call) => {
      users.removeUnverified(users.ofClient(roles.clientOf(call), call.params.userId ?? ""));
      return new Response(null);
    });

    route("POST", "/requestPasswordChange", "request-password-change", async (call) => {
      const client = roles.clientOf(call);
      const account = users.ofClient(client, required(call, "userId"));
      account.passwordChangeToken = service.random.uuid();
      const sealed = (text: string) => encrypt(text, client.dataDecryptionKey ?? "", service.random.bytes(16), facts);
      return Response.json({
        userId: account.id,
        userEmail: account.email === null ? null : await sealed(account.email),
        passwordChangeToken: await sealed(account.passwordChangeToken),
      });
    });

    route("POST", "/executePasswordChange", "execute-password-change", (call) => {
      const account = users.ofClient(roles.clientOf(call), required(call, "userId"));
      const token = required(call, "passwordChangeToken");
      if (account.passwordChangeToken !== token) throw wrongPasswordChangeToken();
      users.changePassword(account, bodyOf(call));
      return new Response(null);
    });
  }
}

function bodyOf(call: Call) {
  const fields = call.json();
  if (fields === undefined) throw badRequest({ de: "Der Inhalt ist kein JSON", en: "The body is not JSON" });
  return fieldsOf(fields);
}

function required(call: Call, name: string): string {
  const value = textField(bodyOf(call), name);
  if (value === undefined) throw missingField(name);
  return value;
}

function userAnswer({ id, email, phone, isAutoUpdateEnabled }: Account, password: string): object {
  return { id, password, email, phone, isAutoUpdateEnabled };
}
