import type { Fetch } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import { checkTokens, createBench } from "./bench.ts";
import { type ContractCase, check, rejectionOf } from "./check.ts";
import { inWords } from "./in-words.ts";
import type { ProviderSubject } from "./provider-subject.ts";
import { originsOf } from "./wire.ts";

/** What credentials are traded for. */
export function loginCases<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const { credentials, wrongCredentials, fetch, secrets } = subject;
  const { context, logIn, checkFailure } = createBench(subject);
  const cases: ContractCase[] = [
    {
      name: "login yields a token set",
      async run() {
        const before = subject.now();
        checkTokens(await logIn(), before, subject.now());
      },
    },
    {
      name: "two logins at once do not disturb each other",
      async run() {
        const provider = subject.provider();
        const before = subject.now();
        const [one, other] = await Promise.allSettled([
          provider.login(credentials, context(fetch)),
          provider.login(wrongCredentials ?? credentials, context(fetch)),
        ]);
        check(one.status === "fulfilled", "right credentials fail while another login runs");
        checkTokens(one.value, before, subject.now());
        check((other.status === "rejected") === (wrongCredentials !== undefined), "a login takes over the outcome of another one");
      },
    },
    wordsCase("login", () => logIn(inWords(fetch))),
  ];
  if (wrongCredentials === undefined) return cases;
  return [
    ...cases,
    {
      name: "wrong credentials are a CredentialsRejectedError",
      async run() {
        const login = () => subject.provider().login(Object.freeze(wrongCredentials), context(fetch));
        const error = await rejectionOf(login, "wrong credentials are accepted");
        checkFailure(error, "login", [...secrets, ...secretsOf(wrongCredentials)], ["credentials-rejected"]);
      },
    },
  ];
}

/** What a refresh token is traded for. */
export function refreshCases<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const { context, logInToRefresh } = createBench(subject);
  return [
    {
      name: "refresh yields a token set, also after a restart",
      async run() {
        const stored = Object.freeze(JSON.parse(JSON.stringify(await logInToRefresh())));
        const before = subject.now();
        checkTokens(await subject.provider().refresh?.(stored, context(subject.fetch)), before, subject.now());
      },
    },
    wordsCase("refresh", async () => {
      const tokens = await logInToRefresh();
      return subject.provider().refresh?.(tokens, context(inWords(subject.fetch)));
    }),
    sendingCase("refresh", subject),
  ];
}

/** A server that does not refresh leaves it to a login. */
export function refusedRefreshCases<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const { failing } = createBench(subject);
  return [
    {
      name: "a refused refresh is a RefreshRejectedError, so that the session logs in again",
      async run() {
        await failing("refresh", subject.fetch, ["refresh-rejected"]);
      },
    },
  ];
}

/** How a logout is told. */
export function revokeCases<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const { context, logIn, prepare, toServer } = createBench(subject);

  /** Has the last request of a revocation answered so. Those before it, which get something it needs, reach the server. */
  const withLast = async (answer: () => Response): Promise<Fetch> => {
    const rehearsal = toServer();
    await (await prepare("revoke")).send(context(rehearsal.fetch));
    let left = rehearsal.sent.length;
    return async (input, init) => {
      left -= 1;
      return left > 0 ? subject.fetch(input, init) : answer();
    };
  };

  const answers: readonly (readonly [string, () => Response])[] = [
    ["an empty 200", () => new Response(null)],
    ["an empty object", () => new Response("{}")],
    ["a 204", () => new Response(null, { status: 204 })],
  ];
  return [
    ...answers.map(
      ([what, answer]): ContractCase => ({
        name: `revoke takes ${what} for done`,
        async run() {
          const fetch = await withLast(answer);
          const { send } = await prepare("revoke");
          await send(context(fetch));
        },
      }),
    ),
    {
      name: "revoke works without a refresh token",
      async run() {
        const fetch = await withLast(() => new Response(null));
        const { refreshToken: _, ...tokens } = await logIn();
        await subject.provider().revoke?.(tokens, context(fetch));
      },
    },
    sendingCase("revoke", subject),
  ];
}

function sendingCase<Credentials>(grant: "refresh" | "revoke", subject: ProviderSubject<Credentials>): ContractCase {
  const { context, logIn, toServer } = createBench(subject);
  return {
    name: `${grant} sends tokens nowhere but where they came from or belong`,
    async run() {
      const [login, later] = [toServer(), toServer()];
      const tokens = await logIn(login.fetch);
      const provider = subject.provider();
      await provider[grant]?.(tokens, context(later.fetch));
      const allowed = [...originsOf(login), ...(provider.origins ?? []), ...(subject.tokenOrigins ?? [])];
      for (const origin of originsOf(later)) check(allowed.includes(origin), `tokens are sent to ${origin}`);
    },
  };
}

function wordsCase(grant: "login" | "refresh", send: () => Promise<TokenSet | undefined>): ContractCase {
  return {
    name: `${grant} takes a lifetime in words for unknown`,
    async run() {
      const { expiresAt, receivedAt = 0 } = (await send()) ?? {};
      check(typeof expiresAt !== "number" || expiresAt > receivedAt + 1000, '"1h" is read as one second; tokenSet() reads digits alone');
    },
  };
}

/** All text in credentials but the user name, which may stand in messages. */
function secretsOf(credentials: unknown): string[] {
  const members = Object.entries(credentials ?? {}).filter(([key]) => key !== "username");
  return members.map(([, value]) => value).filter((value) => typeof value === "string");
}
