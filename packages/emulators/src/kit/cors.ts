/** What a vendor allows pages of other origins. A path without a rule gets no CORS header at all. */
export interface CorsRule {
  readonly origins: "*" | readonly string[];
  /** Response headers a page may read beyond the safelisted ones. */
  readonly expose?: readonly string[];
  /** Default 204. */
  readonly preflightStatus?: number;
}

/** The rule for a path, or none. */
export type Cors = (path: string) => CorsRule | undefined;

/** True for a browser's question before a request that is not simple. */
export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("origin") && request.headers.has("access-control-request-method");
}

/** The answer to a preflight; outside the rule an empty 403, which a browser reports as a network error. */
export function preflightResponse(request: Request, rule: CorsRule | undefined): Response {
  if (!rule || !allowedOrigin(request, rule)) return new Response(null, { status: 403 });
  const headers = new Headers({
    "access-control-allow-methods": request.headers.get("access-control-request-method") ?? "",
    "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "",
    "access-control-max-age": "600",
  });
  return new Response(null, { status: rule.preflightStatus ?? 204, headers });
}

/** Adds what lets the asking origin read an answer. */
export function allowOrigin(headers: Headers, request: Request, rule: CorsRule | undefined): void {
  const origin = rule && allowedOrigin(request, rule);
  if (!origin) return;
  headers.set("access-control-allow-origin", origin);
  if (origin !== "*") headers.append("vary", "Origin");
  if (rule.expose) headers.set("access-control-expose-headers", rule.expose.join(","));
}

function allowedOrigin(request: Request, rule: CorsRule): string | undefined {
  const origin = request.headers.get("origin");
  if (origin === null) return undefined;
  if (rule.origins === "*") return "*";
  return rule.origins.includes(origin) ? origin : undefined;
}
