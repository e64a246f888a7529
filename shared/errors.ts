/** Why something we expect went wrong; `functions/http.ts` turns a code into an HTTP status, `cli/` into an exit code. */
export type ErrorCode =
  | 'invalid-settings' // a setting or usage is wrong: the operator mends it
  | 'unreadable' // 400: cannot be parsed
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409: the state does not allow it
  | 'too-large' // 413
  | 'unsupported-type' // 415
  | 'impossible' // 422: parsed, but cannot be meant
  | 'broken-table' // a table that an administrator keeps cannot be read: runs are blocked rather than lose rows
  | 'unavailable' // 503: cannot write now, try again
  | 'delivery-refused' // the far side said no: a person must look (login, host key, folder)
  | 'delivery-failed' // the far side did not answer as it should: can pass
  | 'delivery-unknown'; // lost while renaming: only the far side knows whether it was delivered

/** An error we foresaw: its message is written for the person who reads it and holds no secret. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a log line may say of any failure: the message where we wrote it, else only what kind of error it is. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? error.name : typeof error;
}
