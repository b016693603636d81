import { auth as basicCredentials } from "hono/utils/basic-auth";
import type { Call, Fields } from "../kit/index.ts";
import { fieldsOf, textField } from "../kit/index.ts";
import { Auth0Error, missingParameter } from "./errors.ts";
import type { Auth0Client, Auth0Facts } from "./options.ts";

/** The members of a request, which may be a form or JSON; a form is not searched for JSON. */
export function requestFields(call: Call): Fields {
  const contentType = call.request.headers.get("content-type") ?? "";
  if (contentType.startsWith("application/json")) return fieldsOf(call.json());
  return contentType.startsWith("application/x-www-form-urlencoded") ? Object.fromEntries(call.form()) : {};
}

/** The application that asks, if it is who it says. */
export function authenticateClient({ request }: Call, fields: Fields, { clients, badClientError }: Auth0Facts): Auth0Client {
  const basic = basicCredentials(request);
  const clientId = basic ? formDecoded(basic.username) : textField(fields, "client_id");
  if (clientId === undefined) throw missingParameter("client_id");

  const client = clients.find((known) => known.clientId === clientId);
  const fits = client && client.clientSecret === givenSecret(client, basic?.password, textField(fields, "client_secret"));
  if (!fits) throw new Auth0Error(401, badClientError, "Unauthorized");
  return client;
}

function givenSecret(
  { clientSecret, authMethod = "client_secret_post" }: Auth0Client,
  basicPassword: string | undefined,
  posted: string | undefined,
): string | undefined {
  if (clientSecret === undefined) return undefined;
  if (authMethod === "client_secret_post") return posted;
  return basicPassword === undefined ? undefined : formDecoded(basicPassword);
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they become Basic. */
function formDecoded(text: string): string {
  return new URLSearchParams(`=${text}`).get("") ?? "";
}
