/**
 * What begins every `state` of a provider's logins, so that a callback says whose it is. It needs to differ, not to be secret:
 * 32 bits of FNV-1a, which pages without WebCrypto can compute too.
 */
export function statePrefix(name: string, configuration: string): string {
  let hash = 0x811c9dc5;
  for (const character of `${name} ${configuration}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return `${(hash >>> 0).toString(36)}.`;
}
