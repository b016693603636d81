/** The forms a recipient has to accept (RFC 9110, section 5.6.7); servers send the first alone. A year of two digits is read as one near today. */
const forms = /^\w{3,9}, \d\d[ -]\w{3}[ -](\d\d)?\d\d \d\d:\d\d:\d\d GMT$|^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** An HTTP date in ms since the epoch, or undefined for anything else: engines read much more than that as dates. */
export function httpTime(value: string | null): number | undefined {
  const time = value !== null && forms.test(value) ? Date.parse(value.replaceAll("-", " ").replace(/\d{4}$/, "$& GMT")) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The server's clock when it made an answer, in ms since the epoch: its `Date`, unless the answer came out of a cache (`Age`). */
export function serverTime(headers: Headers): number | undefined {
  return headers.has("age") ? undefined : httpTime(headers.get("date"));
}
