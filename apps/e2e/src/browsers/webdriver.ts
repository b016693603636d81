/** A session of a WebDriver server (W3C WebDriver): it runs one command at a time. */
export interface WebDriverSession {
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Sends a command of this session, e.g. `("POST", "url", { url })`, and yields its value. */
  command(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

export async function createWebDriverSession(server: string, capabilities: object): Promise<WebDriverSession> {
  const { sessionId, ...created } = (await send("POST", `${server}/session`, { capabilities: { alwaysMatch: capabilities } })) as {
    readonly sessionId: string;
    readonly capabilities: Record<string, unknown>;
  }; // as section 8.1 of the standard has it
  const base = `${server}/session/${sessionId}`;
  return {
    capabilities: created.capabilities,
    command: (method, path, body) => send(method, `${base}/${path}`, body),
    async close() {
      await send("DELETE", base);
    },
  };
}

async function send(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(method === "POST" && { body: JSON.stringify(body ?? {}) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${method} ${new URL(url).pathname} failed: ${value.error}: ${value.message}`);
  return value;
}
