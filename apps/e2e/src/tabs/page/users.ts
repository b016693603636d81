/** Those who have an account at the server. */
export const users = {
  ann: { username: "ann@example.com", password: "Correct-Horse-9!" },
  ben: { username: "ben@example.com", password: "Battery-Staple-7!" },
} as const;

export type UserName = keyof typeof users;
