import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from "@apollo/client";
import { RetryLink } from "@apollo/client/link/retry";
import { type Exchange, fetchExchange, Client as UrqlClient } from "@urql/core";
import { retryExchange } from "@urql/exchange-retry";
import { GraphQLClient } from "graphql-request";
import type { Client } from "./client.ts";

const query = "query Status { status }";
const payload = { data: { status: "ok" } };

export const graphqlRequest: Client = {
  ...{ name: "graphql-request", installedAs: "graphql-request", payload },
  connect({ fetch }, url) {
    const api = new GraphQLClient(url, { fetch });
    const request = (signal?: AbortSignal) => api.request({ document: query, ...(signal && { signal }) });
    return { call: request, bodies: { query: () => request() }, timeout: (ms) => request(AbortSignal.timeout(ms)) };
  },
};

export const apollo: Client = {
  ...{ name: "@apollo/client", installedAs: "@apollo/client", payload },
  connect({ fetch }, url) {
    const http = new HttpLink({ uri: url, fetch });
    const api = new ApolloClient({ link: http, cache: new InMemoryCache() });
    const retry = new RetryLink({ delay: () => 0, attempts: { max: 2 } });
    const retrying = new ApolloClient({ link: retry.concat(http), cache: new InMemoryCache() });
    const request = (signal?: AbortSignal, client = api) =>
      client.query({
        query: apolloGql(query),
        fetchPolicy: "no-cache",
        context: { fetchOptions: { ...(signal && { signal }) }, queryDeduplication: false },
      });
    return {
      call: (signal) => request(signal),
      bodies: { query: () => request() },
      timeout: (ms) => request(AbortSignal.timeout(ms)),
      retry: () => request(undefined, retrying),
    };
  },
};

export const urql: Client = {
  ...{ name: "@urql/core", installedAs: "@urql/core", payload },
  connect({ fetch }, url) {
    const client = (...exchanges: readonly Exchange[]) =>
      new UrqlClient({ url, fetch, exchanges: [...exchanges, fetchExchange], preferGetMethod: false });
    const api = client();
    const isBusy = ({ response }: { readonly response?: Response }) => response?.status === 503;
    const retrying = client(retryExchange({ maxNumberAttempts: 2, initialDelayMs: 1, maxDelayMs: 1, retryIf: isBusy }));
    /** It knows no signal: who unsubscribes aborts, and whose time is up. */
    const request = (signal?: AbortSignal, asked = api) =>
      new Promise((resolve, reject) => {
        const { unsubscribe } = asked
          .query(query, { call: crypto.randomUUID() }) // equal queries at the same time are one
          .subscribe(({ data, error }) => (error ? reject(error) : resolve(data)));
        signal?.addEventListener("abort", () => {
          unsubscribe();
          reject(signal.reason);
        });
      });
    return {
      call: (signal) => request(signal),
      bodies: { query: () => request() },
      timeout: (ms) => request(AbortSignal.timeout(ms)),
      retry: () => request(undefined, retrying),
    };
  },
};
