import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
} from "@azure/core-rest-pipeline";
import { type Client, type Peer, type PeerParts, refreshByHand } from "../peer.ts";

/** The policy sends tokens by https only, so it sees such an address; the fetch below it goes to loopback. */
const address = "https://api.example.com";

function transport({ fetch, origin }: PeerParts): HttpClient {
  return {
    async sendRequest(request) {
      const { method } = request;
      const body = request.body as BodyInit | undefined; // both were given below as fetch has them
      const signal = request.abortSignal as AbortSignal | undefined;
      const init = {
        method,
        headers: request.headers.toJSON(),
        duplex: "half",
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      };
      const response = await fetch(request.url.replace(address, origin), init);
      const headers = createHttpHeaders(Object.fromEntries(response.headers));
      return { request, status: response.status, headers, bodyAsText: await response.text() };
    },
  };
}

function sendWith(pipeline: Pipeline, parts: PeerParts): Client["send"] {
  const client = transport(parts);
  return async (path, { method = "GET", body, signal } = {}) => {
    const options = { url: address + path, method, body, abortSignal: signal } as Parameters<typeof createPipelineRequest>[0]; // as above
    return (await pipeline.sendRequest(client, createPipelineRequest(options))).status;
  };
}

export const azure: Peer = {
  name: "@azure/core-rest-pipeline",
  package: "@azure/core-rest-pipeline",
  imports: `export { bearerTokenAuthenticationPolicy, createEmptyPipeline, createPipelineRequest } from "@azure/core-rest-pipeline";`,
  note: "re-sends only after a challenge that carries claims; refresh and logout are the application's",
  async open(parts) {
    let { tokens } = parts;
    let first = true;
    const pipeline = createEmptyPipeline();
    const getToken = async () => {
      if (!first) tokens = await refreshByHand(parts, tokens.refreshToken);
      first = false;
      return { token: tokens.accessToken, expiresOnTimestamp: tokens.expiresAt };
    };
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: { getToken }, scopes: "api" }));
    return { send: sendWith(pipeline, parts) };
  },
  bare: (parts) => sendWith(createEmptyPipeline(), parts),
};
