import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, type JWK, jwtVerify } from "jose";

/** An API on loopback that takes tokens of one issuer, bound to a key (RFC 9449, section 4.3, in full). */
export interface BoundApi {
  readonly url: string;
  /** How each request was answered, oldest first: "ok", or the error code. */
  readonly answers: readonly string[];
  /** Its clock goes ahead, so that tokens end here alone. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** How many nonces back a proof may be. */
const kept = 3;

/** After every `rotation` requests it wants another nonce. */
export async function startBoundApi(issuer: string, audience: string, rotation: number): Promise<BoundApi> {
  const answers: string[] = [];
  const seen = new Set<string>();
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  let ahead = 0;
  const nonces = () => {
    const turn = Math.floor(answers.length / rotation);
    return Array.from({ length: kept }, (_, back) => `nonce-${turn - back}`);
  };
  const now = () => new Date(Date.now() + ahead);

  async function refusalOf({ method, headers, url: path = "" }: IncomingMessage): Promise<string | undefined> {
    const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
    const proof = await jwtVerify(String(headers.dpop), EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] }).catch(() => undefined);
    if (scheme !== "DPoP" || !proof) return "invalid_dpop_proof";
    const { jti, htm, htu, ath, iat, nonce } = proof.payload;
    const isFor = htm === method && htu === new URL(path, url).href.replace(/[?#].*/, "");
    const isRecent = Math.abs(Date.now() / 1000 - Number(iat)) < 10;
    const isNew = jti !== undefined && !seen.has(jti);
    if (!isFor || !isRecent || !isNew || ath !== createHash("sha256").update(token).digest("base64url")) return "invalid_dpop_proof";
    if (!nonces().includes(String(nonce))) return "use_dpop_nonce";
    seen.add(jti);
    const access = await jwtVerify(token, keys, { issuer, audience, currentDate: now() }).catch(() => undefined);
    const thumbprint = await calculateJwkThumbprint(proof.protectedHeader.jwk as JWK); // EmbeddedJWK has just used it
    return (access?.payload.cnf as { readonly jkt?: string } | undefined)?.jkt === thumbprint ? undefined : "invalid_token"; // read to be compared
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const refusal = await refusalOf(request);
    answers.push(refusal ?? "ok");
    response.setHeader("dpop-nonce", nonces()[0] ?? "");
    if (refusal) response.writeHead(401, { "www-authenticate": `DPoP error="${refusal}", algs="ES256"` }).end();
    else response.end(Buffer.concat(chunks));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port, not on a pipe

  return {
    ...{ url, answers },
    advance(ms) {
      ahead += ms;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
