import { type ContractCase, check, rejectionOf } from "./check.ts";
import { checkNoSecret } from "./leaks.ts";
import type { ProviderSubject } from "./provider-subject.ts";

/** What can be said before anything is sent. */
export function factoryCases<Credentials>({
  provider,
  credentials,
  secrets,
  wrongOptions = [],
}: ProviderSubject<Credentials>): ContractCase[] {
  return [
    {
      name: "name, configuration and identity stay the same and hold no secret",
      async run() {
        const facts = [provider(), provider()].map((made) => ({ ...made, identity: made.identity?.(credentials) }));
        checkNoSecret(facts, secrets, "the provider");
        const [one, other] = facts.map(({ name, configuration, identity }) => JSON.stringify([name, configuration, identity]));
        check(one === other, "two providers made alike differ in name, configuration or identity");
      },
    },
    {
      name: "origins and endpoints are absolute",
      async run() {
        const { origins = [], endpoints = [] } = provider();
        for (const origin of origins) check(URL.canParse(origin) && new URL(origin).origin === origin, `"${origin}" is not an origin`);
        for (const endpoint of endpoints) check(URL.canParse(endpoint), `"${endpoint}" is not a URL`);
      },
    },
    {
      name: "credentials hold what the provider declares",
      async run() {
        for (const member of provider().credentials ?? []) {
          const value = credentials[member];
          check(typeof value === "string" && value !== "", `the credentials lack "${member}"`);
        }
      },
    },
    ...wrongOptions.map(
      ({ option, create }): ContractCase => ({
        name: `a wrong "${option}" is a TypeError that names it`,
        async run() {
          const error = await rejectionOf(async () => create(), "the option is accepted");
          check(
            error instanceof TypeError && error.message.includes(option),
            `the error is no TypeError naming "${option}": ${String(error)}`,
          );
          checkNoSecret(error, secrets, "the error");
        },
      }),
    ),
  ];
}
