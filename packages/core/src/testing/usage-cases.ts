import { createOrigins } from "../fetch/origins.ts";
import { createBench } from "./bench.ts";
import { type ContractCase, check } from "./check.ts";
import { checkNoSecret } from "./leaks.ts";
import { longAnswer } from "./long-body.ts";
import type { ProviderSubject } from "./provider-subject.ts";

/** What happens at requests to the API. */
export function usageCases<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const provider = subject.provider();
  const { logIn, context, prepare, toServer } = createBench(subject);
  const cases: ContractCase[] = [
    {
      name: "[33] what it sends to an origin of the API goes to its endpoints, which get no token",
      async run() {
        const { origins = [], endpoints = [] } = provider;
        const { allow } = createOrigins(provider.name, origins.length > 0 ? origins : ["https://api.example.com"], false, endpoints);
        for (const grant of ["login", "refresh", "revoke"] as const) {
          if (!provider[grant] || (grant === "refresh" && subject.refusesRefresh)) continue;
          const { send } = await prepare(grant);
          const network = toServer();
          await send(context(network.fetch));
          for (const { url } of network.sent)
            check(!allow(url), `${grant} goes to ${new URL(url).pathname}, which is none of its endpoints`);
        }
      },
    },
  ];
  if (provider.authorize) {
    cases.push({
      name: "a request gets a token, and nothing more secret",
      async run() {
        const tokens = await logIn();
        const { keys } = context(subject.fetch);
        const headers = new Headers();
        await provider.authorize?.(headers, tokens, { method: "GET", url: "https://api.example.com/" }, keys);
        const values = [...headers.values()].join("\n");
        checkNoSecret(values, [...subject.secrets, ...(tokens.refreshToken ? [tokens.refreshToken] : [])], "a header");
        const attached = [tokens.accessToken, tokens.idToken].some((token) => token !== undefined && values.includes(token));
        check(attached, "no header holds a token");
      },
    });
  }
  if (provider.isUnauthorized) {
    cases.push({
      name: "isUnauthorized leaves the body to the caller",
      async run() {
        for (const status of [200, 401, 403]) {
          const response = new Response("{}", { status });
          await provider.isUnauthorized?.(response);
          check(!response.bodyUsed, `the body of a ${status} is read; clone the response first`);
        }
      },
    });
    cases.push({
      name: "isUnauthorized reads no more than it needs of a long 401",
      async run() {
        const { response, taken } = longAnswer(401);
        await provider.isUnauthorized?.(response);
        check(taken() <= 1_048_576, `${taken()} bytes are read; readText() has a limit for them`);
        check(!response.bodyUsed, "the body is read; clone the response first");
        await response.body?.cancel();
      },
    });
  }
  return cases;
}
