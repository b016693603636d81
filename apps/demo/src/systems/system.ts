import type { Auth, AuthOptions } from "@keyturn/core";

/** What a system is told, by the names of environment variables. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** A session, and a request to try it with. */
export interface Connection {
  readonly auth: Auth<unknown>;
  /** Where the API is. */
  readonly baseUrl: string;
  /** The path of a GET there. */
  readonly path: string;
}

/** What the demo may decide about every session. */
export type ConnectOptions = Pick<AuthOptions<unknown>, "fetch" | "clock" | "store">;

/** One system the demo can talk to: the real one, or its emulator. */
export interface System {
  /** Its word on the command line. */
  readonly name: string;
  readonly title: string;
  /** How it logs in, in a few words. */
  readonly login: string;
  /** Variables it cannot do without, and what they are for. */
  readonly needs: Readonly<Record<string, string>>;
  /** Variables that change where things are. */
  readonly takes: Readonly<Record<string, string>>;
  /** A page gets its tokens from the demo's own server: it cannot, or must not, log in by itself. */
  readonly brokered?: true;
  /** What to know before one uses it from a page. */
  readonly browserNote?: string;
  connect(settings: Settings, options?: ConnectOptions): Promise<Connection>;
}

interface Definition<Needed extends string, Taken extends string> extends Omit<System, "connect"> {
  readonly needs: Readonly<Record<Needed, string>>;
  readonly takes: Readonly<Record<Taken, string>>;
  connect(
    settings: Readonly<Record<Needed, string>> & { readonly [Name in Taken]?: string | undefined },
    options?: ConnectOptions,
  ): Connection | Promise<Connection>;
}

/** A system whose `connect` knows its own variables. */
export function defineSystem<const Needed extends string, const Taken extends string>(definition: Definition<Needed, Taken>): System {
  return {
    ...definition,
    async connect(settings, options) {
      const missing = missingSettings(definition, settings);
      if (missing.length > 0) throw new TypeError(`${definition.title} needs ${missing.join(", ")}`);
      return definition.connect(settings as Parameters<typeof definition.connect>[0], options); // none of the needed ones is missing
    },
  };
}

/** The names of the variables a system needs and does not have. */
export function missingSettings({ needs }: Pick<System, "needs">, settings: Settings): string[] {
  return Object.keys(needs).filter((name) => !settings[name]);
}
