import { isAuthError, type TokenRequestError } from "../errors.ts";
import type { GrantContext } from "../provider/provider.ts";
import type { Bench } from "./bench.ts";
import { type ContractCase, check, rejectionOf } from "./check.ts";
import { echoes, failures, oddRetryAfters } from "./failures.ts";
import { checkNoSecret } from "./leaks.ts";
import { longAnswer } from "./long-body.ts";
import type { GrantName, ProviderSubject } from "./provider-subject.ts";
import { hanging, wire } from "./wire.ts";

/** How a grant travels, whatever it trades. */
export function transportCases(
  grant: GrantName,
  { prepare, context, toServer }: Bench,
  { secretsInUrl, ambientCredentials = "omit" }: Pick<ProviderSubject<unknown>, "secretsInUrl" | "ambientCredentials">,
): ContractCase[] {
  const safeguards: ContractCase = {
    name: `${grant} follows no redirect, and uses no cache and no ambient credentials but those it says`,
    async run() {
      const { send } = await prepare(grant);
      const { fetch, sent } = toServer();
      await send(context(fetch));
      check(sent.length > 0, "nothing is sent through context.fetch");
      for (const { redirect, cache, credentials } of sent) {
        check(redirect === "error" || redirect === "manual", `redirect is "${redirect}", not "error" or "manual"`);
        check(cache === "no-store", `cache is "${cache}", not "no-store"`);
        check(credentials === ambientCredentials, `credentials is "${credentials}", not "${ambientCredentials}"`);
      }
    },
  };
  const urls: ContractCase = {
    name: `${grant} sends no secret in a URL`,
    async run() {
      const { send, secrets } = await prepare(grant);
      const { fetch, sent } = toServer();
      await send(context(fetch));
      const formEncoded = secrets.map((secret) => new URLSearchParams([["", secret]]).toString().slice(1));
      const encoded = [...secrets, ...secrets.map(encodeURIComponent), ...formEncoded];
      for (const { url } of sent) checkNoSecret(url, encoded, "a URL");
    },
  };
  return secretsInUrl?.grants.includes(grant) ? [safeguards] : [safeguards, urls];
}

/** What a grant makes of servers that are out of order. */
export function failureCases(grant: GrantName, bench: Bench): ContractCase[] {
  const { prepare, failing, context, checkFailure } = bench;
  // A server may answer a logout as it likes, as long as it answers.
  const fitting = failures.filter(({ codes }) => grant !== "revoke" || codes?.includes("token-request-failed"));

  const answered = fitting.map(
    ({ what, answer, codes, retryAfter }): ContractCase => ({
      name: `${grant} fails on ${what}`,
      async run() {
        const error: Partial<TokenRequestError> = await failing(grant, wire(answer).fetch, codes); // other errors have no retryAfter
        check(retryAfter === undefined || error.retryAfter === retryAfter, `retryAfter is ${error.retryAfter}, not ${retryAfter}`);
      },
    }),
  );

  const odd: ContractCase = {
    name: `${grant} takes an odd Retry-After for none`,
    async run() {
      for (const value of oddRetryAfters) {
        const answer = async () => new Response(null, { status: 503, headers: { "retry-after": value } });
        const { retryAfter }: Partial<TokenRequestError> = await failing(grant, wire(answer).fetch, ["token-request-failed"]);
        check(retryAfter === undefined, `"${value}" is read as ${retryAfter} ms`);
      }
    },
  };

  const long: ContractCase = {
    name: `${grant} reads no more than 2 MiB of an answer`,
    async run() {
      const { send, secrets } = await prepare(grant);
      const answers: ReturnType<typeof longAnswer>[] = [];
      const answer = async () => {
        const answer = longAnswer(200);
        answers.push(answer);
        return answer.response;
      };
      const error = await send(context(wire(answer).fetch)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (grant !== "revoke") checkFailure(error, grant, secrets, ["token-response-malformed"]);
      for (const { taken } of answers) check(taken() <= 2_097_152, `${taken()} bytes are read; tokenRequest() has a limit for them`);
    },
  };

  const unanswered: ContractCase = {
    name: `${grant} keeps the reason why no answer came`,
    async run() {
      const reason = new TypeError("fetch failed");
      const { cause } = await failing(grant, () => Promise.reject(reason));
      check(cause === reason, "the cause is not what fetch rejected with");
    },
  };

  const echoed: ContractCase = {
    name: `${grant} hides secrets that a server repeats`,
    async run() {
      const { send, secrets } = await prepare(grant);
      for (const { what, fetch } of echoes(secrets)) {
        const error = await send(context(fetch)).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        checkNoSecret(error, secrets, `on ${what}: the error`);
        check(grant === "revoke" || isAuthError(error), `on ${what}: ${grant} does not reject with an AuthError`);
      }
    },
  };

  const late: ContractCase = {
    name: `${grant} fails once its time is over`,
    async run() {
      const { send, secrets } = await prepare(grant);
      const { fetch } = wire(({ signal }) => Promise.reject(signal?.reason ?? new Error("the request carries no signal")));
      const error = await rejectionOf(() => send(context(fetch, AbortSignal.abort())), `${grant} does not fail`);
      checkFailure(error, grant, secrets, ["token-request-failed"]);
    },
  };

  const endless = (["answer", "body"] as const).map(
    (part): ContractCase => ({
      name: `${grant} ends with context.signal where the ${part} never comes`,
      async run() {
        const { send, secrets } = await prepare(grant);
        const { answer, arrived } = hanging(part);
        const time = new AbortController();
        const ended = rejectionOf(() => send(context(wire(answer).fetch, time.signal)), `${grant} does not fail`);
        const { signal } = await Promise.race([arrived, ended.then(() => Promise.reject(new Error("nothing is sent")))]);
        time.abort();
        check(signal?.aborted === true, "the request does not carry context.signal");
        checkFailure(await ended, grant, secrets, ["token-request-failed"]);
      },
    }),
  );

  const repeated: ContractCase = {
    name: `${grant} ends where the server gives one of its answers again and again`,
    async run() {
      const { send } = await prepare(grant);
      const answers = await answersTo(send, bench);
      for (const again of answers) {
        let requests = 0;
        const { fetch } = wire(async () => {
          requests++;
          return requests > mostRequests ? Promise.reject(new Error("no more")) : again();
        });
        await (await prepare(grant)).send(context(fetch)).catch(() => {}); // how it ends is not the matter
        check(requests <= mostRequests, `${grant} sends more than ${mostRequests} requests`);
      }
    },
  };

  return [...answered, odd, long, unanswered, echoed, late, ...endless, repeated];
}

/** Ten challenges of three attempts each, and what begins and ends a login. */
const mostRequests = 40;

/** What the server answers to a grant that succeeds, each to be had again. */
async function answersTo(send: (context: GrantContext) => Promise<unknown>, { context, toServer }: Bench): Promise<(() => Response)[]> {
  const answers: (() => Response)[] = [];
  const server = toServer();
  await send(
    context(async (input, init) => {
      const answer = await server.fetch(input, init);
      const [{ status, headers }, text] = [answer, await answer.clone().text()];
      answers.push(() => new Response(text || null, { status, headers }));
      return answer;
    }),
  );
  return answers;
}
