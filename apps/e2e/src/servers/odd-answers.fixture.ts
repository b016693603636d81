import { Events, OAuth2Server } from "oauth2-mock-server";

/** oauth2-mock-server on loopback, which answers whatever a test makes of its answers. */
export interface OddServer {
  readonly url: string;
  /** How often its token endpoint was asked. */
  readonly tokenRequests: number;
  /** What `change` makes of the answers of this kind goes out, until `reset`. */
  change(oddity: Oddity): void;
  reset(): void;
  close(): Promise<void>;
}

type Json = Record<string, unknown>;

/** What is odd about a server. Each function changes what it is given. */
export interface Oddity {
  readonly metadata?: (body: Json) => void;
  /** Answers with this status instead of 200. */
  readonly metadataStatus?: number;
  /** An answer of the token endpoint. */
  readonly answer?: (body: Json) => void;
  readonly answerStatus?: number;
  /** Sends no body at all. */
  readonly answerEmpty?: boolean;
  /** The claims of an ID token. */
  readonly idToken?: (claims: Json) => void;
  /** Where a person is sent back to. */
  readonly callback?: (parameters: URLSearchParams) => void;
  /** What a device hears when it looks whether the person has decided. */
  readonly device?: { readonly lifetime: number; readonly error: string };
}

/** The audience of ID tokens, by which they are told from access tokens. */
export const clientId = "odd-client";

export async function startOddServer(): Promise<OddServer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const url = `http://127.0.0.1:${server.address().port}`;
  server.issuer.url = url;
  const { service } = server;
  let oddity: Oddity = {};
  let tokenRequests = 0;

  service.on(Events.BeforeWellKnownOpenIdConfiguration, (response) => {
    Object.assign(response.body, { device_authorization_endpoint: `${url}/device` });
    oddity.metadata?.(response.body);
    response.statusCode = oddity.metadataStatus ?? response.statusCode;
  });
  service.on(Events.BeforeTokenSigning, ({ payload }) => {
    if (payload.aud === clientId) oddity.idToken?.(payload);
  });
  service.on(Events.BeforeResponse, (response) => {
    tokenRequests++;
    oddity.answer?.(response.body);
    response.statusCode = oddity.answerStatus ?? response.statusCode;
    if (oddity.answerEmpty) response.body = "";
  });
  service.on(Events.BeforeAuthorizeRedirect, ({ url: callback }) => oddity.callback?.(callback.searchParams));
  service.addRoute("POST", "/device", (_request, response) => {
    const verification = { user_code: "WDJB-MJHT", verification_uri: `${url}/enter`, expires_in: oddity.device?.lifetime, interval: 5 };
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ device_code: "made-up-device-code", ...verification }));
  });
  service.addRoute("POST", "/device-token", (_request, response) => {
    tokenRequests++;
    response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: oddity.device?.error }));
  });

  return {
    url,
    get tokenRequests() {
      return tokenRequests;
    },
    change(next) {
      oddity = next;
    },
    reset() {
      oddity = {};
      tokenRequests = 0;
    },
    close: () => server.stop(),
  };
}
