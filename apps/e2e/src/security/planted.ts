/** All secrets of these attacks are made up, and hold this word: no digit, so that it also looks like an error code. */
export const planted = {
  clientSecret: "planted-client-secret",
  password: "planted-password",
  refreshToken: "planted-refresh-token",
  accessToken: "planted-access-token",
} as const;

const word = "planted";

/** The word, and what base64 makes of it wherever it begins. */
const spellings = [
  word,
  ...[0, 1, 2].map((shift) => {
    const text = Buffer.from("x".repeat(shift) + word).toString("base64");
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + word.length) * 8) / 6));
  }),
];

/** Whether a text shows one of them. */
export function hasSecret(text: string): boolean {
  return spellings.some((spelling) => text.includes(spelling));
}
