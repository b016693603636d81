import { below, checkOptions, type Fetch } from "@keyturn/core/provider";
import { finapiCode } from "./failure.ts";
import { baseUrlOf, type FinapiHost, hostChecks } from "./host.ts";

/** What a user may be created with. finAPI makes up an id and a password that are left out. */
export interface NewUser {
  /** Up to 36 letters, digits and -_.+@ */
  readonly id?: string;
  /** 6 to 128 characters. */
  readonly password?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly isAutoUpdateEnabled?: boolean;
}

/** A user as finAPI created it, with the password in plain text: here for the only time. */
export interface CreatedUser {
  readonly id: string;
  readonly password: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly isAutoUpdateEnabled?: boolean;
}

/** finAPI answered a call with an error. The message holds nothing that it was sent. */
export class FinapiError extends Error {
  override readonly name = "FinapiError";
  readonly status: number;
  /** finAPI's own code, e.g. "ENTITY_EXISTS" for an id that is taken. */
  readonly code: string | undefined;

  constructor(operation: string, { status }: Response, code: string | undefined) {
    super(`finapi: ${operation} failed with status ${status}${code ? ` (${code})` : ""}`);
    this.status = status;
    this.code = code;
  }
}

/** Where `createUser` goes, and what ends it. */
export type CreateUserOptions = FinapiHost & { readonly signal?: AbortSignal };

/** Creates a user over the client's session. Rejects with a FinapiError, or with what `auth.fetch` rejects with. */
export async function createUser(auth: { readonly fetch: Fetch }, user: NewUser, options: CreateUserOptions): Promise<CreatedUser> {
  const { signal = null, ...host } = options;
  checkOptions("createUser()", host, hostChecks);
  const response = await auth.fetch(below(baseUrlOf("createUser()", host), "api/v2/users"), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(user),
    signal,
  });
  const body = await readObject(response);
  if (!response.ok || !isUser(body)) throw new FinapiError("createUser", response, finapiCode(body));
  return body;
}

/** The body, or an empty object for anything else. The platform's own error would quote it, and it may hold a password. */
async function readObject(response: Response): Promise<object> {
  const source = await response.text();
  try {
    return Object(JSON.parse(source));
  } catch {
    return {};
  }
}

function isUser(body: { readonly id?: unknown; readonly password?: unknown }): body is CreatedUser {
  return typeof body.id === "string" && typeof body.password === "string";
}
