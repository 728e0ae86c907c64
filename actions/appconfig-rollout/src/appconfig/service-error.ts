import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { parsePointer } from '../desired/documents/schema.js';

/** Whether AppConfig answered with one of these codes, however the error is wrapped. */
export const isServiceError = (error: unknown, ...codes: readonly string[]): boolean =>
  hasErrorCode(error instanceof DeliveryError ? error.cause : error, ...codes);

export const isConflict = (error: unknown): boolean => isServiceError(error, 'ConflictException');
export const isNotFound = (error: unknown): boolean => isServiceError(error, 'ResourceNotFoundException');

/** One objection of a validator. */
export interface ValidatorViolation {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What validators objected to, where that is why a call was refused (`Details.InvalidConfiguration`). */
export const parseViolations = (error: unknown): readonly ValidatorViolation[] => {
  const cause: unknown = error instanceof DeliveryError ? error.cause : error;
  const details = isRecord(cause) || cause instanceof Error ? Reflect.get(cause, 'Details') : undefined;
  const listed = isRecord(details) ? details['InvalidConfiguration'] : undefined;
  return (Array.isArray(listed) ? listed : []).filter(isRecord).map((each) => {
    const [constraint, location, reason] = ['Constraint', 'Location', 'Reason'].map((name) => asString(each[name]));
    const message = [location, reason, constraint === '' ? '' : `(${constraint})`]
      .filter((part) => part !== '')
      .join(' ');
    return { path: parsePointer(location ?? ''), message };
  });
};
