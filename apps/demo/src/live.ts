import { LoggedOutError, type TokenSet } from "@keyturn/core";
import ky from "ky";
import type { Connection, ConnectOptions, Settings, System } from "./systems/system.ts";

/** Logs in, asks the API once, renews once, logs out. Rejects at the first thing that is not as it must be, logged out all the same. */
export async function talkTo(system: System, settings: Settings, tell: (news: string) => void, options?: ConnectOptions): Promise<void> {
  const connection = await system.connect(settings, options);
  try {
    await use(connection, tell);
  } finally {
    await connection.auth.logout();
    tell("logged out");
  }
  const error = await get(connection).catch((reason: unknown) => reason);
  if (!(error instanceof LoggedOutError)) throw new Error("a request after the logout was not refused");
}

async function use(connection: Connection, tell: (news: string) => void): Promise<void> {
  const { auth, path } = connection;
  let grant = "";
  auth.subscribe((event) => {
    if (event.type === "token-issued") grant = event.grant;
  });
  await auth.login();
  const first = await auth.getToken();
  tell(`logged in: ${lifeOf(first)}`);

  const { status, ok } = await get(connection);
  tell(`GET ${path}: ${status}`);
  if (!ok) throw new Error(`GET ${path} was answered with ${status}`);

  const second = await auth.getToken({ renew: true });
  const news = second.accessToken === first.accessToken ? "the same token again" : "a new token";
  tell(`renewed by ${grant}: ${news}, ${lifeOf(second)}`);
}

const get = ({ auth, baseUrl, path }: Connection): Promise<Response> =>
  ky.get(path, { baseUrl, fetch: auth.fetch, retry: 0, throwHttpErrors: false });

function lifeOf({ expiresAt, receivedAt }: TokenSet): string {
  if (expiresAt === undefined) return "it does not say for how long";
  return expiresAt === "never" ? "for ever" : `for ${Math.round((expiresAt - receivedAt) / 1000)} s`;
}
