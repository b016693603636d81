import { type Api, startApi } from "./api.ts";
import { equal } from "./assert.ts";
import type { Case, Cases } from "./case.ts";

const text = "Zoë & 1, 2";
const bytes = new TextEncoder().encode(text);

const inInit: Readonly<Record<string, () => NonNullable<RequestInit["body"]>>> = {
  string: () => text,
  URLSearchParams: () => new URLSearchParams({ text }),
  Blob: () => new Blob([text]),
  ArrayBuffer: () => bytes.slice().buffer,
  Uint8Array: () => bytes.slice(),
  FormData() {
    const form = new FormData();
    form.set("text", text);
    form.set("file", new Blob([bytes]), "file.txt");
    return form;
  },
};

/** Sent with a token that is refused, and once more. */
async function sendTwice(api: Api, send: (url: string) => Promise<Response>): Promise<void> {
  const response = await send(api.url({ refuse: "token-1" }));
  equal(response.status, 200);
  await response.arrayBuffer();
}

/** Each FormData is written with a boundary of its own. */
const contentOf = (body: string, contentType = ""): string => body.replaceAll(/boundary=(.*)/.exec(contentType)?.[1] ?? "\0", "boundary");

async function expectTwice(api: Api, content?: string): Promise<void> {
  const arrived = await api.arrived();
  equal(
    arrived.map(({ headers }) => headers.authorization),
    ["Bearer token-1", "Bearer token-2"],
  );
  const [first, second] = arrived.map(({ body, headers }) => contentOf(body, headers["content-type"]));
  equal(second, first);
  if (content !== undefined) equal(first, content);
  if (first === "") throw new Error("the body is empty");
  equal(api.logins(), 2);
}

const latin1 = String.fromCharCode(...bytes); // as the API shows it

const initCases = Object.entries(inInit).map(([kind, body]): [string, Case] => [
  `a ${kind} is sent again after a 401, the same`,
  async (addresses) => {
    const api = startApi(addresses);
    await sendTwice(api, (url) => api.auth.fetch(url, { method: "POST", body: body() }));
    await expectTwice(api, /^(string|Blob|ArrayBuffer|Uint8Array)$/.test(kind) ? latin1 : undefined);
  },
]);

const streamOf = (): ReadableStream => new Blob([bytes]).stream();
// undici asks for `duplex`, and the DOM's types do not know it.
const streaming = (body: ReadableStream): RequestInit => ({ method: "POST", body, duplex: "half" }) as RequestInit;

/** Chromium sends none over HTTP/1.1, and not every browser sends streams at all. */
async function canUpload(api: Api): Promise<boolean> {
  const request = new Request(api.url({ id: crypto.randomUUID() }), streaming(streamOf()));
  if (request.headers.get("content-type") === "text/plain;charset=UTF-8") return false; // the stream was taken for an object to print
  return fetch(request).then(
    () => true,
    () => false,
  );
}

export const bodies: Cases = {
  ...Object.fromEntries(initCases),

  async "a Request with a body is sent again after a 401, and is used up like any Request"(addresses) {
    const api = startApi(addresses);
    const make = (url: string) => new Request(url, { method: "PUT", body: text, headers: { "x-api-key": "key" } });
    let request = make(api.url());
    await sendTwice(api, (url) => {
      request = make(url);
      return api.auth.fetch(request);
    });
    await expectTwice(api, latin1);
    equal([request.bodyUsed, request.headers.has("authorization")], [true, false]);
    equal(
      (await api.arrived()).map(({ method, headers }) => [method, headers["x-api-key"]]),
      Array(2).fill(["PUT", "key"]),
    );
  },

  async "a stream in a Request is sent again after a 401, where the runtime uploads streams"(addresses) {
    const api = startApi(addresses);
    if (!(await canUpload(api))) return;
    await sendTwice(api, (url) => api.auth.fetch(new Request(url, streaming(streamOf()))));
    await expectTwice(api, latin1);
  },

  async "a stream in an init is sent once, and the 401 goes back"(addresses) {
    const api = startApi(addresses);
    if (!(await canUpload(api))) return;
    const response = await api.auth.fetch(api.url({ refuse: "token-1" }), streaming(streamOf()));
    equal([response.status, (await response.json()).length], [401, 1]);
  },
};
