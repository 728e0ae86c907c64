import { DeliveryError, type DeliveryErrorCode, errorMessage } from './error.js';
import { getStringField } from './error-code.js';

interface FileErrorRule {
  readonly code: DeliveryErrorCode;
  readonly rule: string;
}

const FILE_ERROR_RULES: Readonly<Record<string, FileErrorRule>> = {
  ENOENT: { code: 'not-found', rule: 'does not exist: correct the path, or build it before this step' },
  ENOTDIR: { code: 'not-found', rule: 'does not exist: a part of its path is a file' },
  EACCES: { code: 'denied', rule: 'cannot be read: give this user the right to read it' },
  EPERM: { code: 'denied', rule: 'cannot be read: give this user the right to read it' },
  ELOOP: { code: 'rejected', rule: 'is a symbolic link that leads back to itself: remove it' },
  ENOSPC: { code: 'rejected', rule: 'cannot be written: the disk is full; free some space' },
  EDQUOT: { code: 'rejected', rule: 'cannot be written: the quota of the disk is used up; free some space' },
  EROFS: { code: 'denied', rule: 'cannot be written: the disk is read-only' },
  EISDIR: { code: 'invalid-input', rule: 'is a folder: name a file in it' },
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
