import { parseAccept } from "hono/utils/accept";
import type { Call } from "../kit/index.ts";
import { FinapiAuthError, FinapiError } from "./errors.ts";
import type { FinapiFacts } from "./options.ts";

/** What an error answer tells about its request. */
export interface ErrorContext {
  readonly call: Call;
  readonly requestId: string;
  /** "client/user", as numbers; 0 where there is none. */
  readonly authContext: string;
  readonly now: number;
}

/** The answer to an error of ours; undefined for any other. */
export function errorAnswer(error: unknown, context: ErrorContext, facts: FinapiFacts): Response | undefined {
  if (error instanceof FinapiAuthError) return authErrorAnswer(error, facts);
  if (!(error instanceof FinapiError)) return undefined;
  const { oauth } = error.details;
  if (oauth !== undefined && facts.badGrantBody === "oauth") {
    return Response.json({ error: oauth, error_description: error.message }, { status: error.status });
  }
  return errorMessage(error, context);
}

function authErrorAnswer({ error, message }: FinapiAuthError, { descriptionSpelling, wwwAuthenticate }: FinapiFacts): Response {
  const challenge = `Bearer error="${error}", error_description="${message}"`;
  const headers: Record<string, string> = wwwAuthenticate && error !== "invalid_client" ? { "www-authenticate": challenge } : {};
  return Response.json({ error, [descriptionSpelling]: message }, { status: 401, headers });
}

function errorMessage({ status, code, texts, details }: FinapiError, { call, requestId, authContext, now }: ErrorContext): Response {
  const { type = "TECHNICAL", multiStepAuthentication = null } = details;
  const error = { message: texts[languageOf(call.request)], code, type, multiStepAuthentication };
  const body = {
    errors: [error],
    date: new Date(now).toISOString().replace("T", " ").replace("Z", ""),
    requestId,
    endpoint: `${call.request.method} ${call.url.pathname}`,
    authContext,
    bank: null,
  };
  return Response.json(body, { status });
}

function languageOf({ headers }: Request): "de" | "en" {
  const wanted = parseAccept(headers.get("accept-language") ?? "").map(({ type }) => type.split("-")[0]?.toLowerCase());
  return wanted.find((language) => language === "de" || language === "en") ?? "de";
}
