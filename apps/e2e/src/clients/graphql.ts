import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from "@apollo/client";
import { fetchExchange, Client as UrqlClient } from "@urql/core";
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
    const api = new ApolloClient({ link: new HttpLink({ uri: url, fetch }), cache: new InMemoryCache() });
    const request = (signal?: AbortSignal) =>
      api.query({
        query: apolloGql(query),
        fetchPolicy: "no-cache",
        context: { fetchOptions: { ...(signal && { signal }) }, queryDeduplication: false },
      });
    return { call: request, bodies: { query: () => request() }, timeout: (ms) => request(AbortSignal.timeout(ms)) };
  },
};

export const urql: Client = {
  ...{ name: "@urql/core", installedAs: "@urql/core", payload },
  connect({ fetch }, url) {
    const api = new UrqlClient({ url, fetch, exchanges: [fetchExchange], preferGetMethod: false });
    /** It knows no signal: who unsubscribes aborts. */
    const request = (signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        const { unsubscribe } = api
          .query(query, { call: crypto.randomUUID() }) // equal queries at the same time are one
          .subscribe(({ data, error }) => (error ? reject(error) : resolve(data)));
        signal?.addEventListener("abort", () => {
          unsubscribe();
          reject(signal.reason);
        });
      });
    return { call: request, bodies: { query: () => request() } };
  },
};
