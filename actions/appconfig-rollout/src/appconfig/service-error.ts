import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';

export const isConflict = (error: unknown): boolean => hasServiceErrorCode(error, 'ConflictException');
export const isNotFound = (error: unknown): boolean => hasServiceErrorCode(error, 'ResourceNotFoundException');

/** What a validator of a profile rejected. */
export interface ValidatorViolation {
  /** JSON pointer to the rejected value; empty for the whole document, or if the validator names none. */
  readonly pointer: string;
  readonly message: string;
}

const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Parses the violations in a validation error (`Details.InvalidConfiguration`); none for other errors. */
export const parseViolations = (error: unknown): readonly ValidatorViolation[] => {
  const cause: unknown = error instanceof DeliveryError ? error.cause : error;
  const details = isRecord(cause) || cause instanceof Error ? Reflect.get(cause, 'Details') : undefined;
  const listed = isRecord(details) ? details['InvalidConfiguration'] : undefined;
  return (Array.isArray(listed) ? listed : []).filter(isRecord).map((each) => {
    const [constraint, location, reason] = ['Constraint', 'Location', 'Reason'].map((name) => asString(each[name]));
    const message = [location, reason, constraint === '' ? '' : `(${constraint})`]
      .filter((part) => part !== '')
      .join(' ');
    return { pointer: location ?? '', message };
  });
};
