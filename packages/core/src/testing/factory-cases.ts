import { createAuth } from "../create-auth.ts";
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
    {
      name: "credentials whose texts an environment lacks are a TypeError, and nothing is sent",
      async run() {
        const given: Readonly<Record<string, unknown>> = Object(credentials);
        const texts = Object.keys(given).filter((member) => typeof given[member] === "string");
        if (texts.length === 0) return;
        const lacking = { ...given, ...Object.fromEntries(texts.map((member) => [member, undefined])) } as typeof credentials; // as process.env has them
        let sent = 0;
        const fetch = async () => {
          sent++;
          return new Response();
        };
        const auth = async () => createAuth(provider(), { credentials: lacking, origins: ["https://api.example.com"], fetch }).getToken();
        const error = await rejectionOf(auth, "credentials without values are accepted");
        check(
          error instanceof TypeError,
          `the error is no TypeError: ${String(error)}; list the members that login needs in "credentials"`,
        );
        check(sent === 0, "a request was sent");
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
