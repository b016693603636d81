import { GoTrueClient } from "@supabase/auth-js";
import { initOf, type Peer, statusOf } from "../peer.ts";

/** As supabase-js puts the two together: the session's token is asked for before each request. */
export const supabase: Peer = {
  name: "@supabase/auth-js",
  package: "@supabase/auth-js",
  imports: `export { GoTrueClient } from "@supabase/auth-js";`,
  note: "renews ahead of expiry and does not look at a 401",
  async open({ fetch, origin, tokens }) {
    const client = new GoTrueClient({ url: origin, fetch, persistSession: false });
    const { error } = await client.setSession({ access_token: tokens.accessToken, refresh_token: tokens.refreshToken });
    if (error) throw error;
    return {
      async send(path, call = {}) {
        const { data } = await client.getSession();
        const headers = data.session ? { authorization: `Bearer ${data.session.access_token}` } : {};
        return statusOf(await fetch(origin + path, { ...initOf(call), headers }));
      },
      async logout() {
        const signedOut = await client.signOut();
        if (signedOut.error) throw signedOut.error;
      },
      close: () => client.stopAutoRefresh(),
    };
  },
};
