import { createPublicKey } from "node:crypto";
import type { Fetch } from "@keyturn/emulators";
import { createAuth0 } from "./auth0.ts";
import { createEntra } from "./entra.ts";
import { createGitHub } from "./github.ts";
import { createGoogle } from "./google.ts";
import { startKeycloak } from "./keycloak.ts";
import { startOkta } from "./okta.ts";

/** A server that people use, and the host it is known by. */
export interface KnownServer {
  readonly host: string;
  readonly fetch: Fetch;
}

/** All of them. */
export interface KnownServers {
  readonly all: readonly KnownServer[];
  close(): Promise<void>;
}

/** What docs/servers.md says of each, and what it reads from the environment. */
export interface KnownServersOptions {
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  readonly okta: { readonly clientId: string; readonly privateKey: string };
  /** A key file, as Google hands it out. */
  readonly google: string;
  readonly github: { readonly clientId: string };
}

export async function startKnownServers({ client, okta, google, github }: KnownServersOptions): Promise<KnownServers> {
  const keycloak = await startKeycloak({ issuer: "https://sso.example.com/realms/shop", ...client });
  const oktaServer = await startOkta({ issuer: "https://dev-123456.okta.com/oauth2/default", keyId: "example-key", ...okta });
  const account = JSON.parse(google) as { readonly client_email: string; readonly private_key_id: string; readonly private_key: string };
  const publicKey = await crypto.subtle.importKey(
    "spki",
    createPublicKey(account.private_key).export({ format: "der", type: "spki" }),
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    true,
    ["verify"],
  );
  const all: KnownServer[] = [
    { host: "sso.example.com", fetch: keycloak.fetch },
    { host: "dev-123456.okta.com", fetch: oktaServer.fetch },
    { host: "shop.eu.auth0.com", ...createAuth0({ domain: "shop.eu.auth0.com", audience: "https://api.example.com", ...client }) },
    { host: "login.microsoftonline.com", ...createEntra({ tenant: "72f988bf-86f1-41af-91ab-2d7cd011db47", ...client }) },
    { host: "oauth2.googleapis.com", ...createGoogle({ email: account.client_email, keyId: account.private_key_id, publicKey }) },
    { host: "github.com", ...createGitHub({ ...github, interval: 1, afterLooks: 1 }) },
  ];
  return {
    all,
    async close() {
      await keycloak.close();
      await oktaServer.close();
    },
  };
}
