import type { Call, Kit } from "../kit/index.ts";
import type { Tokens } from "./tokens.ts";

/** What log, faults and limits call the Web Form, which has a host and errors of its own. */
export type FinapiWebFormOp = "web-form";

/** Web Form 2.0: it takes the tokens of users, and of nobody else. */
export function addWebForm<Op extends string>(kit: Kit<Op | FinapiWebFormOp>, tokens: Tokens): void {
  const refuse = (call: Call, status: number, code: string, description: string) =>
    Response.json(
      { code, description, timestamp: new Date(kit.now()).toISOString(), endpoint: `${call.request.method} ${call.url.pathname}` },
      { status },
    );

  kit.route("POST", "/api/webForms/bankConnectionImport", "web-form", (call) => {
    const token = call.bearer();
    if (token !== undefined) call.note({ tokenUsed: token });
    const owner = tokens.ownerOfAccess(token ?? "");
    if (!owner) return refuse(call, 401, "UNAUTHORIZED", "The access token is missing or not valid");
    if (!owner.account) return refuse(call, 403, "FORBIDDEN", "The access token must be a user's");
    call.note({ identity: owner.account.key });
    const id = kit.random.uuid();
    const url = `https://webform-sandbox.finapi.io/wf/${id}`;
    const createdAt = new Date(kit.now()).toISOString();
    return Response.json({ id, url, createdAt, type: "BANK_CONNECTION_IMPORT", status: "NOT_YET_OPENED", payload: {} }, { status: 201 });
  });
}
