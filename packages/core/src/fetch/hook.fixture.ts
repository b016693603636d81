import type { AuthOptions, Fetch } from "../index.ts";
import { ada, type Issuer, type Opened, open, type User } from "../test-kit.ts";

/** A session with a token in hand. Without a cooldown, so that an API may refuse what was issued only now. */
export async function signedIn(issuer: Issuer, options: AuthOptions<User> = {}): Promise<Opened> {
  const opened = open(issuer, { credentials: ada, cooldown: 0, ...options });
  await opened.auth.getToken();
  return opened;
}

/** What a base fetch was given, untouched. */
export interface Sent {
  readonly input: string | URL | Request;
  readonly init: RequestInit | undefined;
  readonly authorization: string | null;
}

/** A base fetch that notes what it is given, and answers with each of these in turn. The last one answers all that follow. */
export function answering(...answers: readonly (number | Response | (() => Response | Promise<Response>))[]): {
  readonly fetch: Fetch;
  readonly sent: readonly Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(input, init) {
      const answer = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
      sent.push({ input, init, authorization: headersOf(input, init).get("authorization") });
      if (typeof answer === "number") return new Response(`status ${answer}`, { status: answer });
      return typeof answer === "function" ? answer() : answer;
    },
  };
}

/** The headers with which fetch would send this. */
export function headersOf(input: string | URL | Request, init: RequestInit | undefined): Headers {
  return new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
}
