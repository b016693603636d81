/** What an error says; the API speaks German unless asked for English. */
export interface Texts {
  readonly de: string;
  readonly en: string;
}

/** What a `FinapiError` has besides its code and its texts. */
interface Details {
  /** Default: "TECHNICAL". */
  readonly type?: "BUSINESS" | "TECHNICAL";
  /** The name the same error has in OAuth, where the token endpoint may answer in that shape. */
  readonly oauth?: string;
  readonly multiStepAuthentication?: object;
}

/** An error the vendor answers as ErrorMessage. */
export class FinapiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly texts: Texts;
  readonly details: Details;

  constructor(status: number, code: string, texts: Texts, details: Details = {}) {
    super(texts.en);
    this.status = status;
    this.code = code;
    this.texts = texts;
    this.details = details;
  }
}

/** A 401, which the vendor answers in the shape of OAuth. */
export class FinapiAuthError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

/** The client is not who it says. */
export const badClient = (): FinapiAuthError => new FinapiAuthError("invalid_client", "Bad client credentials");

/** The vendor repeats the token it refuses. */
export const invalidToken = (token: string): FinapiAuthError => new FinapiAuthError("invalid_token", `Invalid access token: ${token}`);

/** No token came along. */
export const noToken = (): FinapiAuthError =>
  new FinapiAuthError("unauthorized", "An Authentication object was not found in the SecurityContext");

/** The same 400 for an unknown user and a wrong password. */
export const badUser = (): FinapiError =>
  new FinapiError(400, "BAD_REQUEST", { de: "Ungültige Benutzerdaten", en: "Bad user credentials" }, { oauth: "invalid_grant" });

/** A refresh token that is unknown, revoked or expired. */
export const badRefreshToken = (): FinapiError =>
  new FinapiError(400, "BAD_REQUEST", { de: "Ungültiger Refresh-Token", en: "Invalid refresh token" }, { oauth: "invalid_grant" });

/** A grant the token endpoint does not know. */
export const badGrant = (): FinapiError =>
  new FinapiError(
    400,
    "BAD_REQUEST",
    { de: "Nicht unterstützter grant_type", en: "Unsupported grant_type" },
    { oauth: "unsupported_grant_type" },
  );

/** A request that is wrong in itself. */
export const badRequest = (texts: Texts): FinapiError => new FinapiError(400, "BAD_REQUEST", texts);

/** A field left out of a token request. */
export const missingField = (name: string): FinapiError =>
  new FinapiError(400, "MISSING_FIELD", { de: `Das Feld '${name}' fehlt`, en: `Field '${name}' is missing` }, { oauth: "invalid_request" });

/** A field of a user that breaks its limits. */
export const illegalField = (name: string): FinapiError =>
  new FinapiError(400, "ILLEGAL_FIELD_VALUE", { de: `Ungültiger Wert im Feld '${name}'`, en: `Illegal value of field '${name}'` });

/** There is a user of that id, whatever its case. */
export const userExists = (): FinapiError =>
  new FinapiError(422, "ENTITY_EXISTS", { de: "Der Benutzer existiert bereits", en: "User already exists" }, { type: "BUSINESS" });

/** No user of that id. */
export const unknownUser = (): FinapiError =>
  new FinapiError(404, "UNKNOWN_ENTITY", { de: "Der Benutzer existiert nicht", en: "User not found" });

/** A user who is verified needs no verification, and is deleted by nobody else. */
export const alreadyVerified = (): FinapiError =>
  new FinapiError(
    422,
    "USER_ALREADY_VERIFIED",
    { de: "Der Benutzer ist bereits verifiziert", en: "User is already verified" },
    { type: "BUSINESS" },
  );

/** Not the token that was given out last, or one that was used. */
export const wrongPasswordChangeToken = (): FinapiError =>
  new FinapiError(400, "INVALID_TOKEN", { de: "Ungültiges passwordChangeToken", en: "Invalid passwordChangeToken" });

/** The token's role is not the one the service is for. */
export const wrongRole = (): FinapiError =>
  new FinapiError(403, "UNAUTHORIZED_ACCESS", { de: "Zugriff verweigert", en: "Access is denied" });

/** The client has not verified the user yet. */
export const userNotVerified = (): FinapiError =>
  new FinapiError(403, "USER_NOT_VERIFIED", { de: "Der Benutzer ist nicht verifiziert", en: "User is not verified" }, { type: "BUSINESS" });

/** Too many wrong passwords; only a new one helps. */
export const userLocked = (): FinapiError =>
  new FinapiError(423, "LOCKED", { de: "Der Benutzer ist gesperrt", en: "User is locked" }, { type: "BUSINESS" });

/** The bank, not the vendor, wants more from the user. */
export const bankAsks = (): FinapiError => {
  const texts = { de: "Bitte geben Sie die TAN ein", en: "Please enter the TAN" };
  const multiStepAuthentication = {
    hash: "5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
    status: "CHALLENGE_RESPONSE_REQUIRED",
    challengeMessage: texts.en,
    answerFieldLabel: "TAN",
    redirectUrl: null,
    redirectContext: null,
    redirectContextField: null,
    twoStepProcedures: null,
    photoTanMimeType: null,
    photoTanData: null,
    opticalData: null,
  };
  return new FinapiError(510, "ADDITIONAL_AUTHENTICATION_REQUIRED", texts, { type: "BUSINESS", multiStepAuthentication });
};
