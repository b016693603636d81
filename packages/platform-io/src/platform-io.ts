import {
  type AuthError,
  type AuthProvider,
  below,
  type Check,
  checkOptions,
  membersOf,
  oneOf,
  refused,
  type TokenAnswer,
  tokenRequest,
  tokenSet,
  unexpected,
  url,
} from "@keyturn/core/provider";

/** One environment of a platform instance, by its id or by its URL. Each has service users of its own. */
export type PlatformIoOptions =
  | { readonly platformId: string; readonly environment: "production" | "staging"; readonly baseUrl?: undefined }
  | { readonly baseUrl: string; readonly platformId?: undefined; readonly environment?: undefined };

/** The service user of an environment. */
export interface PlatformIoCredentials {
  readonly username: string;
  readonly password: string;
}

/** The platform.io REST API for service users. It has no refresh and no logout: to renew is to log in again. */
export function platformIo(options: PlatformIoOptions): AuthProvider<PlatformIoCredentials> {
  const byId =
    (check: Check): Check =>
    (value) =>
      options.baseUrl === undefined ? check(value) : unneeded(value);
  checkOptions("platformIo()", options, {
    baseUrl: (value) => (value === undefined ? undefined : url(value)),
    platformId: byId(hostLabel),
    environment: byId(oneOf("production", "staging")),
  });
  const baseUrl = options.baseUrl ?? `https://api.${options.environment === "staging" ? "staging." : ""}${options.platformId}.platform.io`;
  const loginUrl = below(baseUrl, "v1/login/password");

  return {
    name: "platform-io",
    configuration: baseUrl,
    origins: [new URL(baseUrl).origin],
    endpoints: [loginUrl],
    credentials: ["username", "password"],
    async login({ username, password }, context) {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ username, password });
      const answer = await tokenRequest({ provider: "platform-io", operation: "login", url: loginUrl, headers, body }, context);
      if (!answer.ok) throw failureOf(answer);
      // Nothing but the token's own `exp` tells how long it lives.
      return tokenSet(answer, { accessToken: answer.body.api_token });
    },
  };
}

/** By the codes the API documents; 401 alone may be a wrong password or a token that has expired. */
function failureOf(answer: TokenAnswer): AuthError {
  const errors = Array.isArray(answer.body.errors) ? answer.body.errors : [];
  const { code } = membersOf(errors[0]);
  if (code === "errors.login.failed") return refused(answer, code, "wrong user name or password");
  if (code === "errors.forbidden") return refused(answer, code, "not a service user");
  return unexpected(answer, code);
}

const hostLabel: Check = (value) => (typeof value === "string" && /^[\w-]+$/.test(value) ? undefined : "the id of your platform instance");
const unneeded: Check = (value) => (value === undefined ? undefined : 'left out where "baseUrl" is given');
