export type Disorder = (request: Request, received: string) => Response | Promise<Response>;

const echo =
  (status: number): Disorder =>
  (_request, received) =>
    Response.json(
      {
        ...{ message: received, error_description: received, detail: received, error: { message: received } },
        ...{ errors: [{ message: received, title: received, detail: received }], Output: { message: received } },
      },
      { status, headers: { "x-amzn-errormessage": encodeURI(received), "www-authenticate": `Bearer realm="${encodeURI(received)}"` } },
    );

/** Servers and runtimes that repeat what they were sent. */
export const disorders: Readonly<Record<string, Disorder>> = {
  ...Object.fromEntries([200, 400, 401, 403, 429, 500].map((status) => [`a ${status} that repeats it`, echo(status)])),
  "text that is no JSON": (_request, received) => new Response(received),
  "JSON that is cut off": (_request, received) => new Response(`{"access_token":"${received}`),
  "an error code that repeats it": (_request, received) => Response.json({ error: received, __type: received }, { status: 400 }),
  "a redirect that carries it on": (_request, received) => Response.redirect(`https://elsewhere.test/?${encodeURIComponent(received)}`),
  "a network error that quotes it": ({ url }, received) => {
    throw new TypeError(`fetch failed: ${url}`, {
      cause: new Error(`while sending to ${url}`, { cause: { code: "ECONNRESET", length: received.length } }),
    });
  },
};
