import { base64 } from "@keyturn/core/provider";

/** Proves the client secret for one user: base64(HMAC-SHA256(secret, user name + client id)) (AWS, "Computing secret hash values"). */
export async function secretHash(clientSecret: string, username: string, clientId: string): Promise<string> {
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", utf8.encode(clientSecret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return base64(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(username + clientId))));
}
