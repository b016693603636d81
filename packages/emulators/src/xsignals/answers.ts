import type { Throttled } from "../kit/index.ts";
import type { XSignalsFacts } from "./options.ts";

/** Answers without tokens. */
export interface XSignalsAnswers {
  readonly done: () => Response;
  readonly refuse: (status: keyof typeof meanings) => Response;
  readonly throttled: (throttled: Throttled) => Response;
}

// The vendor documents what its statuses mean, never a body.
const meanings = {
  400: "Bad request",
  401: "Your API key is wrong",
  404: "Not found",
  406: "The answer would not be json",
  429: "Slow down",
};

/** The answers the vendor documents by status alone. */
export function createXSignalsAnswers({ doneBody, errorBody, wwwAuthenticate }: XSignalsFacts): XSignalsAnswers {
  const refuse = (status: keyof typeof meanings, headers: Record<string, string> = {}) => {
    if (status === 401 && wwwAuthenticate) headers["www-authenticate"] = 'Basic realm="xsignals", charset="UTF-8"';
    if (errorBody === "json") return Response.json({ message: meanings[status] }, { status, headers });
    return new Response(errorBody === "text" ? meanings[status] : null, { status, headers });
  };

  return {
    done: () => (doneBody === "object" ? Response.json({}) : new Response(null)),
    refuse: (status) => refuse(status),
    throttled: ({ retryAfter }) => refuse(429, retryAfter === undefined ? {} : { "retry-after": retryAfter }),
  };
}
