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

/** The path that an error of the file system is about, where it says so. */
export const getErrorPath = (error: unknown): string | undefined => getStringField(error, 'path');

/** What the file system said, as an error for people: the path, what is wrong with it, what to do. */
export const toFileError = (path: string, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const { code, rule } = FILE_ERROR_RULES[getStringField(error, 'code') ?? ''] ?? {
    code: 'unexpected',
    rule: errorMessage(error),
  };
  return new DeliveryError(code, `'${path}' ${rule}`, { cause: error });
};
