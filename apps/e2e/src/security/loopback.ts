import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { authorizationCode } from "@keyturn/oauth2";
import { loopbackLogin } from "@keyturn/oauth2/loopback";
import fc from "fast-check";
import { type Attack, outcomeOf, samples, shown } from "./attack.ts";
import { planted } from "./planted.ts";

const method = fc.constantFrom("GET", "POST", "OPTIONS", "HEAD", "CONNECT", "TRACE");
const target = fc.oneof(
  fc.constantFrom(
    "/",
    "//",
    "///",
    "/\\",
    "*",
    "http://",
    "http:///",
    "https://evil.example/callback?code=x",
    "//[",
    "/callback",
    "//callback?code=x",
  ),
  fc.constantFrom(
    "/callback?code=x&state=y",
    "/callback?",
    "/callback?state=%",
    "/callback#?state=",
    "/%",
    `/callback?code=${"x".repeat(8_000)}`,
  ),
  fc.webPath(),
);

/** One request of a stranger, byte by byte as it is. Resolves when the connection has ended, or after a second. */
function stranger(port: number, line: string): Promise<void> {
  const socket = connect(port, "127.0.0.1", () => socket.write(`${line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`));
  socket.on("error", () => {}).resume();
  return Promise.race([new Promise<void>((resolve) => socket.once("close", () => resolve())), delay(1_000)]).then(
    () => void socket.destroy(),
  );
}

/** Any page on this machine can ask the port on which a command line waits for its callback. */
export const loopbackPorts: Attack = {
  name: "strangers at the port of a command-line login",
  async run(trial) {
    let traded = 0;
    const network: typeof fetch = async () => {
      traded++;
      return Response.json({ access_token: planted.accessToken, token_type: "Bearer" });
    };
    const provider = authorizationCode({
      ...{ authorizationEndpoint: "https://a.example/authorize", tokenEndpoint: "https://a.example/token" },
      ...{ clientId: "client", fetch: network },
    });
    const requests = fc.array(
      fc.tuple(method, target).map((parts) => parts.join(" ")),
      { minLength: 1, maxLength: 10 },
    );
    for (const lines of samples(trial, requests, trial.runs / 100)) {
      trial.tried();
      traded = 0;
      const open = async (address: string) => {
        const { searchParams } = new URL(address);
        const callback = new URL(searchParams.get("redirect_uri") ?? "");
        for (const line of lines) await stranger(Number(callback.port), line);
        if (traded > 0) trial.finds("other", `a stranger's code was traded in: ${shown(lines)}`);
        callback.search = String(new URLSearchParams({ code: "code-of-a", state: searchParams.get("state") ?? "" }));
        const answer = await fetch(callback);
        await answer.text();
      };
      const login = loopbackLogin(provider, { open, timeout: 20_000 });
      if ((await outcomeOf(trial, login, lines)) === undefined) trial.finds("other", `the login failed after ${shown(lines)}`);
    }
  },
};
