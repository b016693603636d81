import { membersOf } from "@keyturn/core/provider";

/** The codes the API documents. New ones are passed on as they come. */
export type PlatformIoErrorCode =
  | "errors.login.failed"
  | "errors.auth.invalid"
  | "errors.forbidden"
  | "errors.not-found"
  | "errors.validation.field.type"
  | "errors.validation.field.value"
  | "errors.conflict.id"
  | (string & {});

/** One of the errors an answer lists, without its prose, which repeats what was sent. */
export interface PlatformIoFault {
  readonly code: PlatformIoErrorCode;
  /** What the API's own logs know it by. */
  readonly id: string | undefined;
  /** The field it is about. */
  readonly source: string | undefined;
}

/** The API answered a call about a client account with an error. The message holds nothing that it was sent. */
export class PlatformIoError extends Error {
  override readonly name = "PlatformIoError";
  readonly status: number;
  /** Of the first error. */
  readonly code: PlatformIoErrorCode | undefined;
  readonly errors: readonly PlatformIoFault[];

  constructor(operation: string, status: number, body: Readonly<Record<string, unknown>>) {
    const errors = faultsIn(body);
    const code = errors[0]?.code;
    super(`platform-io: ${operation} failed with status ${status}${code ? ` (${code})` : ""}`);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** The errors of an answer, whatever else it holds. */
export function faultsIn({ errors }: Readonly<Record<string, unknown>>): readonly PlatformIoFault[] {
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [];
  return list.flatMap((one) => {
    const { code, id, source } = membersOf(one);
    return word(code) ? [{ code: word(code) ?? "", id: word(id), source: word(source) }] : [];
  });
}

/** A name and no prose, nor anything long enough for a token. */
function word(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.[\]/-]{1,64}$/.test(value) ? value : undefined;
}
