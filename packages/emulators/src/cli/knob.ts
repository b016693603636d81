/** What an option of an emulator takes on the command line: one of some words, or a kind of value. */
export type Knob = readonly string[] | "number" | "flag" | "text" | "list" | "json";

/** A knob for each option of an emulator but its clock, which is the machine's. */
export type Knobs<Options> = Readonly<Record<Exclude<keyof Options, "clock">, Knob>>;

/** A value cannot be what it was given as; the message says what it takes. */
export class KnobError extends Error {}

/** "accessTokenLifetime" is `--access-token-lifetime` on the command line. */
export function flagOf(option: string): string {
  return option.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/** What a knob takes, in words. */
export function describeKnob(knob: Knob): string {
  if (typeof knob !== "string") return knob.join(" | ");
  return { number: "a number", flag: "true | false", text: "text", list: "a JSON array", json: "JSON, or a word" }[knob];
}

/** The value a knob is set to. Throws a KnobError. */
export function readKnob(option: string, knob: Knob, given: string): unknown {
  const wrong = () => new KnobError(`--${flagOf(option)} takes ${describeKnob(knob)}`);
  if (typeof knob !== "string") {
    if (!knob.includes(given)) throw wrong();
    return parsed(given);
  }
  if (knob === "text") return given;
  const value = parsed(given);
  const fits = { number: typeof value === "number", flag: typeof value === "boolean", list: Array.isArray(value), json: true }[knob];
  if (!fits) throw wrong();
  return value;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return source;
  }
}
