import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";

const page = "<!doctype html><html><body><h1>Sign in to the network</h1></body></html>";
const uncached = { "cache-control": "no-store", pragma: "no-cache" };

const html = (status: number, headers = {}) => new Response(page, { status, headers: { ...headers, "content-type": "text/html" } });
const form = (body: Readonly<Record<string, unknown>>) =>
  new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]));

/** A successful token answer (RFC 6749, section 5.1), or what stands in its place. */
export function tokenAnswer(body: Readonly<Record<string, unknown>>, { tokenAnswer: kind }: OAuth2Facts): Response {
  if (kind === "html-200") return html(200);
  if (kind === "empty-200") return new Response(null, { headers: uncached });
  if (kind === "form") return new Response(form(body), { headers: uncached });
  if (kind === "json-as-text") return new Response(JSON.stringify(body), { headers: { ...uncached, "content-type": "text/plain" } });
  return Response.json(body, { headers: uncached });
}

/** The answer to a refused request, or what stands in its place. */
function errorAnswer({ error, message, status, headers }: OAuth2Error, { errorAnswer: kind }: OAuth2Facts): Response {
  const body = { error, error_description: message };
  if (kind === "html") return html(status, headers);
  if (kind === "html-200") return html(200);
  if (kind === "empty") return new Response(null, { status, headers });
  if (kind === "form-200") return new Response(form(body), { headers: uncached });
  return Response.json(body, { status: kind === "json-200" ? 200 : status, headers: { ...uncached, ...headers } });
}

/** Does the work; its refusal becomes an answer. */
export async function answered(facts: OAuth2Facts, work: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OAuth2Error) return errorAnswer(error, facts);
    throw error;
  }
}
