/**
 * When something is done to a call: "before" the server acts on it (nothing is committed),
 * or "after" (the server's state has changed, only the answer is touched).
 */
export type Moment = "before" | "after";
