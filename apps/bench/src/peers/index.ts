import type { Peer } from "../peer.ts";
import { axiosAuthRefresh } from "./axios-auth-refresh.ts";
import { azure } from "./azure.ts";
import { badgateway } from "./badgateway.ts";
import { bareFetch } from "./bare.ts";
import { betterFetch } from "./better-fetch.ts";
import { googleAuthLibrary } from "./google-auth-library.ts";
import { keyturn, keyturnUnderKy } from "./keyturn.ts";
import { kyRecipe } from "./ky-recipe.ts";
import { supabase } from "./supabase.ts";

export const peers: readonly Peer[] = [
  ...[keyturn, keyturnUnderKy, kyRecipe, badgateway, axiosAuthRefresh],
  ...[googleAuthLibrary, azure, supabase, betterFetch, bareFetch],
];
