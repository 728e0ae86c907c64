/** Failures of the runner itself, as opposed to those of an action. */
export type RunnerErrorCode =
  | 'action-file-invalid'
  | 'expression-unsupported'
  | 'file-command-invalid'
  | 'command-invalid'
  | 'state-invalid'
  | 'usage'
  | 'token-unavailable';

/** The error class of this package. The message states value, rule and hint. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Error for arguments that the user has to correct; the exit code is 2. */
export const createUsageError = (message: string): RunnerError => new RunnerError('usage', message);
