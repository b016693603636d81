import { TokenRequestError } from "./errors.ts";

/** The store cannot be read or written. To callers it is one more reason why no token can be had for now. */
export class StoreFailure extends TokenRequestError {
  readonly operation: "load" | "save";
  /** It gave no answer in time: what was to be saved may yet be. */
  readonly late: boolean;
  constructor(message: string, { operation, late, ...options }: ErrorOptions & Pick<StoreFailure, "operation" | "late">) {
    super(message, options);
    this.operation = operation;
    this.late = late;
  }
}
