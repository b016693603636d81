import type { Auth0Options } from "../auth0/index.ts";
import { createAuth0Emulator, defaultAuth0Client, defaultAuth0User } from "../auth0/index.ts";
import type { CognitoOptions } from "../cognito/index.ts";
import { createCognitoEmulator, defaultCognitoClient, defaultCognitoUser } from "../cognito/index.ts";
import type { FinapiOptions } from "../finapi/index.ts";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser } from "../finapi/index.ts";
import type { Control, Emulator, SessionControl } from "../kit/index.ts";
import type { OAuth2Options } from "../oauth2/index.ts";
import { createOAuth2Emulator, defaultOAuth2Client, defaultOAuth2PublicClient, defaultOAuth2User } from "../oauth2/index.ts";
import type { OloidOptions } from "../oloid/index.ts";
import { createOloidEmulator, defaultOloidTenant, defaultOloidUser } from "../oloid/index.ts";
import type { PlatformIoOptions } from "../platform-io/index.ts";
import { createPlatformIoEmulator, defaultPlatformIoUser } from "../platform-io/index.ts";
import type { XfaOptions } from "../xfa/index.ts";
import { createXfaEmulator, defaultXfaUser, xfaClientId } from "../xfa/index.ts";
import type { XSignalsOptions } from "../xsignals/index.ts";
import { createXSignalsEmulator, defaultXSignalsUser } from "../xsignals/index.ts";
import type { Knob, Knobs } from "./knob.ts";
import * as knobs from "./knobs.ts";

/** What the control of every emulator can do. */
export type AnyControl = Control<string> &
  Pick<SessionControl, "expireAccess"> &
  Partial<SessionControl> & {
    /** Turns options while the emulator runs; absent where they are what they were at the start. */
    change?(knobs: Readonly<Record<string, unknown>>): void;
  };

/** An emulator that can be started by its name. */
export interface Vendor {
  readonly title: string;
  /** What one logs in with unless the options name others; all of it is made up. */
  readonly login: Readonly<Record<string, string>>;
  readonly knobs: Readonly<Record<string, Knob>>;
  readonly create: (options: Readonly<Record<string, unknown>>) => Pick<Emulator<AnyControl>, "control" | "fetch" | "listen">;
}

interface Definition<Options> extends Omit<Vendor, "knobs" | "create"> {
  readonly knobs: Knobs<Options>;
  readonly create: (options: Options) => Pick<Emulator<AnyControl>, "control" | "fetch" | "listen">;
}

function vendor<Options extends object>({ create, ...rest }: Definition<Required<Options>>): Vendor {
  return { ...rest, create: (options) => create(options as Required<Options>) }; // read by the knobs; each has a default
}

const userOf = ({ username, password }: { readonly username: string; readonly password: string }) => ({ username, password });

/** Every emulator, by the name it has on the command line. */
export const vendors: Readonly<Record<string, Vendor>> = {
  auth0: vendor<Auth0Options>({
    title: "Auth0",
    login: { ...userOf(defaultAuth0User), client_id: defaultAuth0Client.clientId, client_secret: defaultAuth0Client.clientSecret },
    knobs: knobs.auth0,
    create: createAuth0Emulator,
  }),
  cognito: vendor<CognitoOptions>({
    title: "Amazon Cognito",
    login: { username: defaultCognitoUser.email, password: defaultCognitoUser.password, ClientId: defaultCognitoClient.clientId },
    knobs: knobs.cognito,
    create: createCognitoEmulator,
  }),
  finapi: vendor<FinapiOptions>({
    title: "finAPI Access",
    login: {
      ...{ username: defaultFinapiUser.id, password: defaultFinapiUser.password },
      ...{ client_id: defaultFinapiClient.clientId, client_secret: defaultFinapiClient.clientSecret },
    },
    knobs: knobs.finapi,
    create: createFinapiEmulator,
  }),
  oauth2: vendor<Omit<OAuth2Options, "fetch">>({
    title: "OAuth 2 / OpenID Connect",
    login: {
      ...userOf(defaultOAuth2User),
      ...{ client_id: defaultOAuth2Client.clientId, client_secret: defaultOAuth2Client.clientSecret },
      "public client": defaultOAuth2PublicClient.clientId,
    },
    knobs: knobs.oauth2,
    create: createOAuth2Emulator,
  }),
  oloid: vendor<OloidOptions>({
    title: "OLOID",
    login: { TenantName: defaultOloidTenant, ...userOf(defaultOloidUser) },
    knobs: knobs.oloid,
    create: createOloidEmulator,
  }),
  "platform-io": vendor<PlatformIoOptions>({
    title: "platform.io",
    login: userOf(defaultPlatformIoUser),
    knobs: knobs.platformIo,
    create: createPlatformIoEmulator,
  }),
  xfa: vendor<XfaOptions>({
    title: "XFA",
    login: { username: defaultXfaUser.email, password: defaultXfaUser.password, ClientId: xfaClientId },
    knobs: knobs.xfa,
    create: createXfaEmulator,
  }),
  xsignals: vendor<XSignalsOptions>({
    title: "XSignals",
    login: userOf(defaultXSignalsUser),
    knobs: knobs.xsignals,
    create: createXSignalsEmulator,
  }),
};
