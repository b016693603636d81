import type { Kit } from "../kit/index.ts";
import { fieldsOf } from "../kit/index.ts";
import { badRequest } from "./errors.ts";
import type { Roles } from "./roles.ts";
import type { Account, Users } from "./users.ts";

/** What log, faults and limits call the operations on users. */
export type FinapiUserOp = "create-user" | "get-user";

/** Users: a client creates them, and sees their passwords that once; each may look at itself. */
export function addUserEndpoints<Op extends string>(service: Kit<Op | FinapiUserOp>, users: Users, roles: Roles): void {
  for (const version of ["v1", "v2"]) {
    service.route("POST", `/api/${version}/users`, "create-user", (call) => {
      const client = roles.clientOf(call);
      const fields = call.json();
      if (fields === undefined) throw badRequest({ de: "Der Inhalt ist kein JSON", en: "The body is not JSON" });
      const account = users.create(client, fieldsOf(fields));
      return Response.json(userAnswer(account, account.password), { status: 201 });
    });

    service.route("GET", `/api/${version}/users`, "get-user", (call) => Response.json(userAnswer(roles.userOf(call), "XXXXX")));
  }
}

function userAnswer({ id, email, phone, isAutoUpdateEnabled }: Account, password: string): object {
  return { id, password, email, phone, isAutoUpdateEnabled };
}
