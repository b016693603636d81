import { base64 } from "@keyturn/core/provider";
import { hmac } from "./hmac.ts";

/** Proves the client secret for one user: base64(HMAC-SHA256(secret, user name + client id)) (AWS, "Computing secret hash values"). */
export async function secretHash(clientSecret: string, username: string, clientId: string): Promise<string> {
  const utf8 = new TextEncoder();
  return base64(await hmac(utf8.encode(clientSecret), utf8.encode(username + clientId)));
}
