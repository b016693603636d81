import type { Fetch } from "@keyturn/emulators";

/** Somebody else's authorization server, as far as it is documented, and an API that takes its tokens. */
export interface StandIn {
  readonly fetch: Fetch;
  /** The forms its token endpoint was sent, oldest first; those that were refused too. */
  readonly asked: readonly Readonly<Record<string, string>>[];
  /** Ends what it has issued so far. */
  endAccess(): void;
}

/** What one path answers. */
export type Route = (request: Request, form: URLSearchParams) => Response | Promise<Response>;

/** How a server issues tokens. */
export interface Issuer {
  /** A new token that the API takes from now on. */
  issue(prefix: string): string;
}

/** `tokenPath` is among the routes. A path that is none of them is the API's. */
export function createStandIn(tokenPath: string, routesOf: (issuer: Issuer) => Readonly<Record<string, Route>>): StandIn {
  const alive = new Set<string>();
  const asked: Record<string, string>[] = [];
  let count = 0;
  const routes = routesOf({
    issue(prefix) {
      const token = `${prefix}made-up-${++count}`;
      alive.add(token);
      return token;
    },
  });
  return {
    asked,
    endAccess: () => alive.clear(),
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      const route = routes[pathname];
      if (!route) return api(request, alive);
      const form = new URLSearchParams(request.method === "POST" ? await request.text() : "");
      if (pathname === tokenPath) asked.push(Object.fromEntries(form));
      return route(request, form);
    },
  };
}

function api({ headers, url }: Request, alive: ReadonlySet<string>): Response {
  if (new URL(url).pathname.startsWith("/.well-known/")) return new Response(null, { status: 404 });
  const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
  return alive.has(token) ? Response.json({}) : Response.json({ message: "Bad credentials" }, { status: 401 });
}

/** An error of RFC 6749. */
export function refuse(error: string, status = 400, more: object = {}): Response {
  return Response.json({ error, ...more }, { status });
}

/** The client as it says who it is: by Basic, or in the form. */
export function clientOf(
  { headers }: Request,
  form: URLSearchParams,
): { readonly id: string | undefined; readonly secret: string | undefined } {
  const [, basic] = /^Basic (.+)$/.exec(headers.get("authorization") ?? "") ?? [];
  if (basic === undefined) return { id: form.get("client_id") ?? undefined, secret: form.get("client_secret") ?? undefined };
  const [id, secret] = atob(basic)
    .split(":")
    .map((part) => decodeURIComponent(part.replaceAll("+", " ")));
  return { id, secret };
}
