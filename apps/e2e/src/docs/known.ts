import { type KnownServers, startKnownServers } from "../known-servers/index.ts";
import { environment } from "./environment.ts";

/** The servers of docs/servers.md, with the clients and keys of the documents' environment. */
export function startDocumentedServers(): Promise<KnownServers> {
  return startKnownServers({
    client: { clientId: environment.OAUTH_CLIENT_ID, clientSecret: environment.OAUTH_CLIENT_SECRET },
    okta: { clientId: environment.OKTA_CLIENT_ID, privateKey: environment.OKTA_PRIVATE_KEY },
    google: environment.GOOGLE_SERVICE_ACCOUNT,
    github: { clientId: environment.GITHUB_CLIENT_ID },
  });
}
