import { notAuthorized } from "./errors.ts";
import type { CognitoClient } from "./people.ts";

/** base64(HMAC-SHA256(client secret, user name + client id)). */
export async function secretHash(username: string, clientId: string, clientSecret: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", bytes(clientSecret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, bytes(username + clientId));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}

/** Refuses a client that has a secret and cannot show it. */
export async function requireSecretHash(client: CognitoClient, username: string, given: string | undefined): Promise<void> {
  if (client.clientSecret === undefined) return;
  if (given !== (await secretHash(username, client.clientId, client.clientSecret))) throw unverified(client);
}

/** The same for the operations that take the secret itself. */
export function requireSecret(client: CognitoClient, given: string | undefined): void {
  if (client.clientSecret !== undefined && given !== client.clientSecret) throw unverified(client);
}

const unverified = ({ clientId }: CognitoClient) => notAuthorized(`Unable to verify secret hash for client ${clientId}`);
