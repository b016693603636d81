import { createHash } from "node:crypto";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import type { Fetch } from "@keyturn/core";
import {
  type CognitoControl,
  type CognitoOptions,
  createCognitoEmulator,
  defaultCognitoClient,
  defaultCognitoUser,
  type Listening,
  manualClock,
} from "@keyturn/emulators";
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from "amazon-cognito-identity-js";
import { vi } from "vitest";

export const { clientId } = defaultCognitoClient;
export const { username, email, password } = defaultCognitoUser;
export const region = "eu-west-1";
export const userPoolId = "eu-west-1_Example01";
export const newYear: number = Date.UTC(2026, 0, 1);

/** One request of any client: the operation and the body, parsed. */
export interface Sent {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Server extends Listening {
  readonly control: CognitoControl;
}

/** The emulator on a port, its clock at the start of 2026. */
export async function startServer(options: CognitoOptions = {}): Promise<Server> {
  const { control, listen } = createCognitoEmulator({ clock: manualClock(newYear), ...options });
  return { control, ...(await listen()) };
}

/** fetch, and what it sent. */
export function recording(): { readonly fetch: Fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const { fetch } = globalThis;
  return {
    sent,
    fetch(input, init) {
      const operation = new Headers(init?.headers).get("x-amz-target") ?? "";
      sent.push({ operation, body: JSON.parse(String(init?.body)) });
      return fetch(input, init);
    },
  };
}

/** amazon-cognito-identity-js at a server, as callbacks made promises. It uses the platform's fetch, which is recorded. */
export function amazonUser({ url }: Pick<Server, "url">, flow: string) {
  const { fetch, sent } = recording();
  vi.stubGlobal("fetch", fetch);
  const kept = new Map<string, string>();
  const Storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
  };
  const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: `${url}/`, Storage });
  const user = new CognitoUser({ Username: email, Pool: pool, Storage });
  user.setAuthenticationFlowType(flow);
  const details = (Password = password) => new AuthenticationDetails({ Username: email, Password });

  /** Logs in; whatever is asked goes to `onAsked`, which gets the callbacks to go on with. */
  const logIn = (onAsked: (callbacks: Callbacks, name: string) => void = () => {}, secret?: string): Promise<CognitoUserSession> =>
    new Promise((resolve, reject) => {
      const callbacks: Callbacks = {
        onSuccess: (session) => resolve(session),
        onFailure: reject,
        newPasswordRequired: () => onAsked(callbacks, "NEW_PASSWORD_REQUIRED"),
        mfaRequired: (name) => onAsked(callbacks, name),
        totpRequired: (name) => onAsked(callbacks, name),
        selectMFAType: (name) => onAsked(callbacks, name),
        mfaSetup: (name) => onAsked(callbacks, name),
        customChallenge: () => onAsked(callbacks, "CUSTOM_CHALLENGE"),
      };
      user.authenticateUser(details(secret), callbacks);
    });
  return { user, sent, kept, logIn };
}

type Callbacks = Required<Omit<Parameters<CognitoUser["authenticateUser"]>[1], "mfaSetup" | "onSuccess">> & {
  mfaSetup: (name: string) => void;
  onSuccess: (session: CognitoUserSession) => void;
};

/** AWS's SDK at a server. */
export function sdkAt({ url }: Pick<Server, "url">): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ region, endpoint: url });
}

/** The platform's randomness, the same at each turn: 32 bytes for a secret number of SRP, however a library asks for them. */
export function fixRandomness(): void {
  const secret = new Uint8Array(createHash("sha256").update("a secret number").digest());
  let words = 0;
  vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
    if (array instanceof Uint8Array) array.set(secret.subarray(0, array.length));
    // Amazon's takes 128 bytes, word by word: the last 32 of them are ours.
    if (array instanceof Uint32Array)
      array.set([words++ % 32 < 24 ? 0 : new DataView(secret.buffer).getUint32((((words - 1) % 32) - 24) * 4)]);
    return array;
  });
}
