import type { Path, Position } from './value.js';

/**
 * `syntax`: neither valid YAML nor JSON. `format`: a section or declaration of the wrong type. `reference`: a name that
 * the template does not declare. `evaluation`: an intrinsic function that cannot be evaluated. `service`: a rule of
 * CloudFormation, with its own message.
 */
export type TemplateErrorCode = 'syntax' | 'format' | 'reference' | 'evaluation' | 'service';

/** The only error class of this package. The message leaves out the position, so that callers can annotate it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Path in the document; empty for the whole document. */
  readonly path: Path;
  /** Position in the text; undefined when unknown. */
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
