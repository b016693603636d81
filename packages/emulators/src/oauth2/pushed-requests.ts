import type { IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable } from "../kit/index.ts";
import type { OAuth2Client } from "./clients.ts";
import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";
import type { Form } from "./requests.ts";

/** Authorization requests sent ahead (RFC 9126). */
export interface PushedRequests {
  push(client: OAuth2Client, form: Form): Response;
  /** The pushed request that a query means, which works once; the query itself where it means none. */
  take(query: Form): Form;
  reset(): void;
}

const prefix = "urn:ietf:params:oauth:request_uri:";

/** Pushed requests live as long as codes do. */
export function createPushedRequests(facts: OAuth2Facts, now: () => number, random: Random): PushedRequests {
  const table = createTokenTable<IssuedToken & { readonly form: Form }>();

  return {
    push: ({ clientId }, form) => {
      const requestUri = prefix + random.text(32);
      const named: Form = (name) => (name === "client_id" ? clientId : form(name));
      table.add(requestUri, { identity: clientId, expiresAt: now() + facts.codeLifetime, form: named });
      return Response.json(
        { request_uri: requestUri, expires_in: Math.floor(facts.codeLifetime / 1000) },
        { status: 201, headers: { "cache-control": "no-store" } },
      );
    },
    take: (query) => {
      const requestUri = query("request_uri");
      if (requestUri === undefined) return query;
      const entry = table.get(requestUri);
      if (!entry || now() >= entry.expiresAt || entry.identity !== query("client_id")) {
        throw new OAuth2Error("invalid_request_uri", "The pushed request is unknown, used, or too old.");
      }
      entry.expiresAt = now();
      return entry.form;
    },
    reset: () => table.clear(),
  };
}
