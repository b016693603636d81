import { TokenRequestError } from "../errors.ts";

/** The store cannot be read or written. To callers it is one more reason why no token can be had for now. */
export class StoreFailure extends TokenRequestError {
  readonly operation: "load" | "save";
  /** It gave no answer in time: what was to be saved may yet be. */
  readonly late: boolean;
  /** Of the record that was to be saved, or else of the last one known when it was asked: what others saved since is newer. */
  readonly revision: number;
  constructor(
    message: string,
    { operation, late, revision, ...options }: ErrorOptions & Pick<StoreFailure, "operation" | "late" | "revision">,
  ) {
    super(message, options);
    this.operation = operation;
    this.late = late;
    this.revision = revision;
  }
}
