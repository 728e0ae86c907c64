import { DeliveryError, type DeliveryErrorCode, errorMessage } from './error.js';
import { getStringField } from './error-code.js';

interface FileErrorRule {
  readonly code: DeliveryErrorCode;
  readonly rule: string;
}

const FILE_ERROR_RULES: Readonly<Record<string, FileErrorRule>> = {
  ENOENT: { code: 'not-found', rule: 'does not exist: correct the path, or build it before this step' },
  ENOTDIR: { code: 'not-found', rule: 'does not exist: a part of its path is a file' },
  EACCES: { code: 'denied', rule: 'cannot be read: grant this user read permission' },
  EPERM: { code: 'denied', rule: 'cannot be read: grant this user read permission' },
  ELOOP: { code: 'rejected', rule: 'is a circular symbolic link: remove it' },
  ENOSPC: { code: 'rejected', rule: 'cannot be written, the disk is full: free some space' },
  EDQUOT: { code: 'rejected', rule: 'cannot be written, the disk quota is exceeded: free some space' },
  EROFS: { code: 'denied', rule: 'cannot be written: the disk is read-only' },
  EISDIR: { code: 'invalid-input', rule: 'is a directory: specify a file' },
};

/** The path in a file system error; undefined when absent. */
export const getErrorPath = (error: unknown): string | undefined => getStringField(error, 'path');

/** A file system error as a DeliveryError with path, problem and hint; a DeliveryError is returned unchanged. */
export const toFileError = (path: string, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const { code, rule } = FILE_ERROR_RULES[getStringField(error, 'code') ?? ''] ?? {
    code: 'unexpected',
    rule: errorMessage(error),
  };
  return new DeliveryError(code, `'${path}' ${rule}`, { cause: error });
};
