/** One challenge of a `WWW-Authenticate` header; scheme and parameter names in lower case. */
export interface HttpChallenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const part = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** Reads several challenges in one header, quoted strings and all (RFC 9110, section 11.6.1): a comma ends a parameter or a challenge. */
export function parseChallenges(header: string | null): readonly HttpChallenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, name = "", quoted, plain] of header?.matchAll(part) ?? []) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else Object.assign(challenges.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value });
  }
  return challenges;
}
