import {
  createAuth0Emulator,
  createCognitoEmulator,
  createFinapiEmulator,
  createOloidEmulator,
  createPlatformIoEmulator,
  createXfaEmulator,
  createXSignalsEmulator,
  type Fetch,
  xfaClientId,
} from "@keyturn/emulators";
import type { KnownServer } from "../known-servers/index.ts";
import { environment } from "./environment.ts";
import { createOAuthServer } from "./oauth-server.ts";

interface Server {
  readonly fetch: Fetch;
}

/** A documented token endpoint, and who stands in for it; `path` is where that one has it, if elsewhere. */
interface AuthServer {
  readonly host: RegExp;
  readonly server: (request: Request) => Server | Promise<Server>;
  readonly path?: (pathname: string) => string;
}

function createServers() {
  const user = (prefix: "COGNITO" | "XFA" | "XSIGNALS" | "PLATFORM_IO" | "OLOID") => ({
    username: environment[`${prefix}_USERNAME`],
    password: environment[`${prefix}_PASSWORD`],
  });
  return {
    cognito: createCognitoEmulator({
      clients: [{ clientId: environment.COGNITO_CLIENT_ID }],
      users: [{ ...user("COGNITO"), email: environment.COGNITO_USERNAME }],
    }),
    xfa: createXfaEmulator({ users: [user("XFA")] }),
    xsignals: createXSignalsEmulator({ users: [user("XSIGNALS")] }),
    auth0: createAuth0Emulator({
      audiences: ["https://xpansiv/platform", "https://api.example.com"],
      clients: [{ clientId: environment.AUTH0_CLIENT_ID, clientSecret: environment.AUTH0_CLIENT_SECRET }],
      users: [{ id: "auth0|65f1c0ffee65f1c0ffee65f1", username: environment.AUTH0_USERNAME, password: environment.AUTH0_PASSWORD }],
    }),
    finapi: createFinapiEmulator({
      clients: [
        {
          ...{ clientId: environment.FINAPI_CLIENT_ID, clientSecret: environment.FINAPI_CLIENT_SECRET },
          dataDecryptionKey: environment.FINAPI_DATA_DECRYPTION_KEY,
        },
      ],
      users: [{ id: environment.FINAPI_USERNAME, password: environment.FINAPI_PASSWORD }],
    }),
    oauth: createOAuthServer({ id: environment.OAUTH_CLIENT_ID, secret: environment.OAUTH_CLIENT_SECRET }),
    platformIo: createPlatformIoEmulator({ users: [{ id: "0f6c9a52-7d3e-4b1a-8f64-2c5e9d7b1a30", ...user("PLATFORM_IO") }] }),
    oloid: createOloidEmulator({ tenantName: environment.OLOID_TENANT_NAME, users: [user("OLOID")] }),
  };
}

/**
 * The network as the documents know it: their token endpoints are emulators, and any other path is an API behind them that takes
 * a token of any of them. Only servers on loopback, which an example started itself, are really asked.
 */
export function createDocumentedNetwork(loopback: Fetch, known: readonly KnownServer[]): Fetch {
  const servers = createServers();
  const authServers: readonly AuthServer[] = [
    ...known.map((server): AuthServer => ({ host: new RegExp(`^${server.host.replaceAll(".", "\\.")}$`), server: () => server })),
    {
      host: /^cognito-idp\.[\w-]+\.amazonaws\.com$/,
      server: async (request) => ((await request.clone().text()).includes(xfaClientId) ? servers.xfa : servers.cognito),
    },
    { host: /^api\.xsignals\.xpansiv\.com$/, server: () => servers.xsignals },
    { host: /^auth\.xpansiv\.com$|\.auth0\.com$/, server: () => servers.auth0 },
    { host: /\.finapi\.io$/, server: () => servers.finapi },
    { host: /^login\.example\.com$/, server: () => servers.oauth },
    { host: /\.platform\.io$/, server: () => servers.platformIo },
    { host: /oloid/, server: () => servers.oloid },
  ];

  const authAnswer = async (request: Request): Promise<Response | undefined> => {
    const url = new URL(request.url);
    const found = authServers.find(({ host }) => host.test(url.hostname));
    if (!found) return undefined;
    url.pathname = found.path?.(url.pathname) ?? url.pathname;
    const { fetch } = await found.server(request);
    const response = await fetch(new Request(url, request.clone()));
    return response.status === 404 ? undefined : response;
  };

  const apiAnswer = async (request: Request): Promise<Response> => {
    const url = new URL(request.method === "GET" ? "/protected" : "/echo", request.url);
    let response = new Response(null, { status: 401 });
    for (const server of [...known, ...Object.values(servers)]) {
      response = await server.fetch(new Request(url, request.clone()));
      if (response.status !== 401) break;
    }
    return response;
  };

  return async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).hostname === "127.0.0.1") return loopback(request);
    return (await authAnswer(request)) ?? (await apiAnswer(request));
  };
}
