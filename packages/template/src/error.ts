import type { Path, Position } from './value.js';

/**
 * What is wrong with a template: `syntax` (no YAML, no JSON), `format` (not the shape of a template), `reference`
 * (names something that is not there), `evaluation` (an intrinsic function that cannot be computed).
 */
export type TemplateErrorCode = 'syntax' | 'format' | 'reference' | 'evaluation';

/** The one error class of this package. The message is without the position, so that callers can annotate it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Where in the document, empty for the whole of it. */
  readonly path: Path;
  /** Where in the text, when the place is known. */
  readonly position: Position | undefined;

  constructor(
    readonly code: TemplateErrorCode,
    message: string,
    options: { readonly path?: Path; readonly position?: Position | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.path = options.path ?? [];
    this.position = options.position;
  }
}
