const part = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/**
 * The parameters of each challenge in a `WWW-Authenticate` header, names in lower case. Several challenges in one header,
 * quoted strings and all (RFC 9110, section 11.6.1): a comma ends a parameter or a challenge.
 */
export function parseChallenges(header: string | null): readonly Readonly<Record<string, string>>[] {
  const challenges: Record<string, string>[] = [];
  for (const [, name = "", quoted, plain] of header?.matchAll(part) ?? []) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    if (value === undefined) challenges.push({});
    else Object.assign(challenges.at(-1) ?? {}, { [name.toLowerCase()]: value });
  }
  return challenges;
}
