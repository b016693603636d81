/** What a page of the server shows. */
export interface Page {
  readonly title: string;
  readonly text?: string;
  /** Where its form is posted; without one there is only text. */
  readonly action?: string;
  readonly hidden?: Readonly<Record<string, string>>;
  /** Asks for a name and a password. */
  readonly login?: boolean;
  /** A field for the code that a device shows. */
  readonly userCode?: string;
  /** The values of `decision`, and what their buttons say. */
  readonly buttons?: Readonly<Record<string, string>>;
  readonly status?: number;
}

/** A page a person can use by keyboard, and a test by its form: plain HTML, no script, nothing loaded. */
export function pageAnswer({ status = 200, ...page }: Page): Response {
  return new Response(html(page), {
    status,
    headers: {
      ...{ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
      ...{ "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'", "referrer-policy": "no-referrer" },
    },
  });
}

function html({ title, text = "", action, hidden = {}, login = false, userCode, buttons = {} }: Page): string {
  const fields = [
    ...Object.entries(hidden).map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`),
    ...(userCode === undefined ? [] : [`<label>Code <input name="user_code" value="${escaped(userCode)}" required></label>`]),
    ...(login ? ['<label>User name <input name="username" autocomplete="username" autofocus></label>'] : []),
    ...(login ? ['<label>Password <input name="password" type="password" autocomplete="current-password"></label>'] : []),
    ...Object.entries(buttons).map(([value, label]) => `<button name="decision" value="${escaped(value)}">${escaped(label)}</button>`),
  ];
  const form = action === undefined ? "" : `<form method="post" action="${escaped(action)}">${fields.join("\n")}</form>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:1rem system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem}label,button{display:block;margin:1rem 0}</style></head>
<body><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${form}</body></html>`;
}

/** Fit for text and for attributes in quotes. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
