import { createAuth } from "@keyturn/core";
import { brokerProvider } from "@keyturn/core/provider";
import type { Connection, ConnectOptions, Settings } from "./system.ts";

/** What a page is told of a system that the demo's own server logs in to. */
export interface BrokerSettings extends Settings {
  readonly BROKER_URL: string;
  readonly BROKER_API: string;
  readonly BROKER_PATH: string;
}

export function brokerSettings(url: string, { baseUrl, path }: Pick<Connection, "baseUrl" | "path">): BrokerSettings {
  return { BROKER_URL: url, BROKER_API: baseUrl, BROKER_PATH: path };
}

export function isBrokered(settings: Settings): settings is BrokerSettings {
  return settings.BROKER_URL !== undefined;
}

/** A session whose tokens come from the demo's own server. */
export function connectThroughBroker(
  { BROKER_URL: url, BROKER_API: baseUrl, BROKER_PATH: path }: BrokerSettings,
  options?: ConnectOptions,
): Connection {
  return { auth: createAuth(brokerProvider({ url, origins: [baseUrl] }), options), baseUrl, path };
}
