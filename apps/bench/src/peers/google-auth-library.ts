import { gaxios, OAuth2Client } from "google-auth-library";
import type { Client, Peer } from "../peer.ts";

type Send = (options: gaxios.GaxiosOptions) => Promise<gaxios.GaxiosResponse>;

function sendWith(origin: string, request: Send): Client["send"] {
  return async (path, { method = "GET", body, signal } = {}) => {
    try {
      const options = { url: origin + path, method, retry: false, ...(body !== undefined && { data: body }), ...(signal && { signal }) };
      return (await request(options as gaxios.GaxiosOptions)).status; // its method type is a list of literals
    } catch (error) {
      if (error instanceof gaxios.GaxiosError && error.response) return error.response.status;
      throw error;
    }
  };
}

export const googleAuthLibrary: Peer = {
  name: "google-auth-library",
  package: "google-auth-library",
  imports: `export { OAuth2Client } from "google-auth-library";`,
  note: "made for Google, whose refresh tokens do not rotate: it keeps the first one",
  async open({ fetch, origin, tokens }) {
    const client = new OAuth2Client({
      clientId: "bench",
      endpoints: { oauth2TokenUrl: `${origin}/token`, oauth2RevokeUrl: `${origin}/revoke` },
      transporterOptions: { fetchImplementation: fetch },
      forceRefreshOnFailure: true, // else it leaves every 401 alone
    });
    client.setCredentials({ access_token: tokens.accessToken, refresh_token: tokens.refreshToken, expiry_date: tokens.expiresAt });
    return {
      send: sendWith(origin, (options) => client.request(options)),
      async logout() {
        await client.revokeCredentials();
      },
    };
  },
  bare({ fetch, origin }) {
    const transporter = new gaxios.Gaxios({ fetchImplementation: fetch });
    return sendWith(origin, (options) => transporter.request(options));
  },
};
