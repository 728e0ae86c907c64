/** What can go wrong with the runner itself, as opposed to the action it runs. */
export type RunnerErrorCode =
  | 'action-file-invalid'
  | 'expression-unsupported'
  | 'file-command-invalid'
  | 'command-invalid'
  | 'state-invalid'
  | 'usage'
  | 'token-unavailable';

/** The one error of this package; messages give the value, the rule and the remedy. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything that was thrown. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
