import { aiSdk } from "./ai-sdk.ts";
import { axiosClient } from "./axios.ts";
import type { Client } from "./client.ts";
import { eventSource } from "./eventsource.ts";
import { apollo, graphqlRequest, urql } from "./graphql.ts";
import { heyApi } from "./hey-api.ts";
import { ky2, kyOne } from "./ky.ts";
import { ofetch } from "./ofetch.ts";
import { openai } from "./openai.ts";
import { openapiFetch } from "./openapi-fetch.ts";
import { plainFetch } from "./plain-fetch.ts";
import { supabase } from "./supabase.ts";
import { trpc } from "./trpc.ts";
import { upFetch } from "./up-fetch.ts";
import { wretchClient } from "./wretch.ts";

/** Every client that is tried on `auth.fetch`. */
export const clients: readonly Client[] = [
  ...[plainFetch, ky2, kyOne, openapiFetch, ofetch, upFetch, wretchClient, axiosClient, heyApi],
  ...[graphqlRequest, apollo, urql, trpc, supabase, openai, aiSdk, eventSource],
];
