import { onStage, resultOf, type Scenario } from "../scenario.ts";

/** The user leaves while a renewal is under way. */
export const logout: Scenario = {
  name: "logout",
  explained: "a logout while a renewal is under way, which then succeeds: whether the next request carries a token again",
  run: (peer) =>
    onStage(peer, async ({ client, issuer }) => {
      if (!client.logout) return { text: "knows none" };
      issuer.expire();
      const release = issuer.holdTokens();
      const waiting = resultOf(client.send("/waiting"));
      const renewing = await Promise.race([issuer.arrived(1).then(() => true), waiting.then(() => false)]);
      if (!renewing) return { text: "no renewal" };
      const leaving = client.logout().catch(() => {});
      await Promise.race([leaving, new Promise((settle) => setTimeout(settle, 50))]);
      release();
      await Promise.all([leaving, waiting]);
      let carried = false;
      issuer.beforeApi = (request) => {
        carried ||= request.headers.has("authorization") && request.headers.get("authorization") !== "Bearer undefined";
      };
      await resultOf(client.send("/afterwards"));
      return { text: carried ? "undone" : "holds", good: !carried };
    }),
};
