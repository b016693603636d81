import {
  type AuthError,
  type AuthProvider,
  below,
  parseObject,
  readText,
  refused,
  type TokenAnswer,
  tokenRequest,
  tokenSet,
  unexpected,
} from "@keyturn/core/provider";
import { faultsIn } from "./errors.ts";
import { baseUrlOf, type PlatformIoOptions } from "./platform.ts";

/** The service user of an environment. */
export interface PlatformIoCredentials {
  readonly username: string;
  readonly password: string;
}

/** The platform.io REST API for service users. It has no refresh and no logout: to renew is to log in again. */
export function platformIo(options: PlatformIoOptions): AuthProvider<PlatformIoCredentials> {
  const baseUrl = baseUrlOf("platformIo()", options);
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
    isUnauthorized,
  };
}

/** The API's errors are a few hundred bytes. */
const limits = { bytes: 65_536, ms: 2_000 };

/**
 * A client's wrong password is a 401 too, which says nothing of our token: sending it again would count as another try. A body
 * that does not end within the limits says nothing either, and goes back.
 */
async function isUnauthorized(response: Response): Promise<boolean> {
  if (response.status !== 401 || response.headers.get("www-authenticate")?.includes("insufficient_scope")) return false;
  const source = await readText(response.clone(), limits).catch(() => ""); // it broke off
  return source !== undefined && faultsIn(parseObject(source))[0]?.code !== "errors.login.failed";
}

/** By the codes the API documents; 401 alone may be a wrong password or a token that has expired. */
function failureOf(answer: TokenAnswer): AuthError {
  const code = faultsIn(answer.body)[0]?.code;
  if (code === "errors.login.failed") return refused(answer, code, "wrong user name or password");
  if (code === "errors.forbidden") return refused(answer, code, "not a service user");
  return unexpected(answer, code);
}
