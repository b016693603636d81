import type { Random, Throttled } from "../kit/index.ts";
import type { PlatformIoFacts } from "./options.ts";

/** The vendor's error answers: a list of one error each, under an id of its own. */
export interface PlatformIoAnswers {
  /** A field that is no text, or an empty one. */
  badField(name: string, value: unknown): Response;
  loginFailed(): Response;
  invalidToken(): Response;
  wrongRole(): Response;
  /** A client token that is for somebody else, or for nobody any more. */
  foreignClient(): Response;
  /** An instance whose client account API is not enabled. */
  disabled(): Response;
  takenId(): Response;
  notFound(entity: string): Response;
  throttled(throttled: Throttled): Response;
}

interface Fault {
  readonly title: string;
  readonly code: string;
  readonly detail?: string;
  readonly source?: string;
}

const notAllowed: Fault = {
  title: "Permission denied.",
  code: "errors.forbidden",
  detail: "You do not have permission to perform this action.",
};

/** Answers as published, with the shape of the undocumented 429 guessed from the others. */
export function createPlatformIoAnswers(facts: PlatformIoFacts, random: Random): PlatformIoAnswers {
  const refuse = (status: number, fault: Fault, headers: Record<string, string> = {}) => {
    const told = status === 400 && facts.badRequestStatus === "string" ? String(status) : status;
    return Response.json({ errors: [{ id: random.uuid(), ...fault, status: told }] }, { status, headers });
  };

  return {
    badField: (name, value) =>
      value === undefined
        ? refuse(400, {
            title: "Field type is invalid",
            code: "errors.validation.field.type",
            detail: `Expected 'string' for field '${name}'`,
            source: name,
          })
        : refuse(400, {
            title: "Field is invalid",
            code: "errors.validation.field.value",
            detail: `Invalid field '${name}'`,
            source: name,
          }),
    loginFailed: () => refuse(401, { title: "Login failed.", code: "errors.login.failed", detail: "Password and/or user incorrect." }),
    invalidToken: () => {
      const headers: Record<string, string> = facts.wwwAuthenticate ? { "www-authenticate": 'Bearer error="invalid_token"' } : {};
      if (facts.unauthorizedBody === "empty") return new Response(null, { status: 401, headers });
      return refuse(401, { title: "Invalid authentication token", code: "errors.auth.invalid" }, headers);
    },
    wrongRole: () => refuse(403, { title: "Permission denied.", code: "errors.forbidden", detail: "User does not have the correct role." }),
    foreignClient: () =>
      facts.foreignClient === 401
        ? refuse(401, { title: "Invalid authentication token", code: "errors.auth.invalid" })
        : refuse(403, notAllowed),
    disabled: () => refuse(403, notAllowed),
    takenId: () =>
      refuse(409, { title: "User ID already exists", code: "errors.conflict.id", detail: "The provided user ID is already in use." }),
    notFound: (entity) => refuse(404, { title: `${entity} could not be found`, code: "errors.not-found" }),
    throttled: ({ retryAfter }) => {
      const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
      return refuse(429, { title: "Too many requests", code: "errors.rate-limit" }, headers);
    },
  };
}
