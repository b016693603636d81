import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** cognito-local as a process of its own, with one user pool and one app client. */
export interface CognitoLocal {
  readonly endpoint: string;
  readonly clientId: string;
  readonly jwksUri: string;
  /** Calls an operation without any client of ours. */
  call(operation: string, body: object): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Adds a user, whose password is temporary unless told otherwise. */
  addUser(username: string, password: string, state?: "confirmed" | "force-change-password"): Promise<void>;
  stop(): Promise<void>;
}

/** The code in all its messages. */
export const sentCode = "123456";

/** Starts it on a port that the system chooses, in a folder that is gone afterwards. */
export async function startCognitoLocal(): Promise<CognitoLocal> {
  const cwd = await mkdtemp(join(tmpdir(), "cognito-local-"));
  const require = createRequire(import.meta.url);
  const program = require.resolve("cognito-local/lib/bin/start.js");
  const child = spawn(process.execPath, [program], {
    cwd,
    env: { PORT: "0", HOST: "127.0.0.1", CODE: sentCode },
    stdio: ["ignore", "pipe", "ignore"],
  });

  const kill = () => void child.kill();
  process.once("exit", kill); // where the tests are broken off

  const stop = async (): Promise<void> => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    kill();
    await exited;
    process.off("exit", kill);
    await rm(cwd, { recursive: true, force: true });
  };

  /** Its log says when it listens, and where. */
  const listening = async (): Promise<string> => {
    for await (const line of createInterface(child.stdout)) {
      const [url] = /http:\/\/[\d.]+:\d+/.exec(line) ?? [];
      if (url) return url;
    }
    throw new Error("cognito-local ended without listening");
  };

  try {
    const endpoint = await listening();
    child.stdout.resume(); // nobody reads on
    const call: CognitoLocal["call"] = async (operation, body) => {
      const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` };
      const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, body: await response.json() };
    };
    const created = await call("CreateUserPool", { PoolName: "example" });
    const { Id: UserPoolId } = (created.body as { UserPool: { Id: string } }).UserPool; // its documented answer
    const client = await call("CreateUserPoolClient", {
      UserPoolId,
      ClientName: "example",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      AccessTokenValidity: 600,
      IdTokenValidity: 600,
      TokenValidityUnits: { AccessToken: "seconds", IdToken: "seconds" },
    });
    const { ClientId: clientId } = (client.body as { UserPoolClient: { ClientId: string } }).UserPoolClient; // its documented answer
    return {
      endpoint,
      clientId,
      jwksUri: `${endpoint}/${UserPoolId}/.well-known/jwks.json`,
      call,
      stop,
      async addUser(Username, password, state = "confirmed") {
        await call("AdminCreateUser", {
          ...{ UserPoolId, Username, TemporaryPassword: password, MessageAction: "SUPPRESS", DesiredDeliveryMediums: ["EMAIL"] },
          UserAttributes: [{ Name: "email", Value: Username }],
        });
        if (state === "confirmed") await call("AdminSetUserPassword", { UserPoolId, Username, Password: password, Permanent: true });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
