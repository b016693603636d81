/** Every kind of body that can be sent again. */
const kinds: Readonly<Record<string, () => BodyInit>> = {
  string: () => "Zoë",
  Blob: () => new Blob(["Zoë"]),
  ArrayBuffer: () => new TextEncoder().encode("Zoë").buffer,
  URLSearchParams: () => new URLSearchParams({ name: "Zoë" }),
  FormData() {
    const form = new FormData();
    form.set("name", "Zoë");
    return form;
  },
};

export function bodies(send: (body: BodyInit) => Promise<unknown>): Record<string, () => Promise<unknown>> {
  return Object.fromEntries(Object.entries(kinds).map(([kind, body]) => [kind, () => send(body())]));
}
