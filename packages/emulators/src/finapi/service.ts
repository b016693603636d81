import type { Call, Handler, Kit } from "../kit/index.ts";
import { errorAnswer } from "./error-answers.ts";
import { badRequest } from "./errors.ts";
import type { FinapiFacts } from "./options.ts";
import type { Roles } from "./roles.ts";

/** The kit with what every service of the vendor has: a request id on each answer, and errors put into their shapes. */
export function createService<Op extends string>(kit: Kit<Op>, roles: Roles, facts: FinapiFacts): Kit<Op> {
  const answered = (handler: Handler) => async (call: Call) => {
    const given = call.request.headers.get("x-request-id");
    const tooLong = given !== null && given.length > 255;
    const requestId = given === null || tooLong ? `selfgen-${kit.random.uuid()}` : given;
    const context = { call, requestId, authContext: roles.contextOf(call), now: kit.now() };
    try {
      if (tooLong) throw badRequest({ de: "X-Request-Id ist zu lang", en: "X-Request-Id is too long" });
      return withRequestId(await handler(call), requestId);
    } catch (error) {
      const answer = errorAnswer(error, context, facts);
      if (!answer) throw error;
      return withRequestId(answer, requestId);
    }
  };

  return { ...kit, route: (method, path, op, handler) => kit.route(method, path, op, answered(handler)) };
}

function withRequestId(response: Response, requestId: string): Response {
  response.headers.set("x-request-id", requestId);
  return response;
}
