import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { pathOfPointer } from './schema.js';

/** Whether AppConfig answered with one of these codes, however the error is wrapped. */
export const isAnswer = (error: unknown, ...codes: readonly string[]): boolean =>
  isCode(error instanceof DeliveryError ? error.cause : error, ...codes);

export const isConflict = (error: unknown): boolean => isAnswer(error, 'ConflictException');
export const isAbsent = (error: unknown): boolean => isAnswer(error, 'ResourceNotFoundException');

/** One objection of a validator. */
export interface Objection {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What validators objected to, where that is why a call was refused (`Details.InvalidConfiguration`). */
export const objectionsIn = (error: unknown): readonly Objection[] => {
  const cause: unknown = error instanceof DeliveryError ? error.cause : error;
  const details = isMapping(cause) || cause instanceof Error ? Reflect.get(cause, 'Details') : undefined;
  const listed = isMapping(details) ? details['InvalidConfiguration'] : undefined;
  return (Array.isArray(listed) ? listed : []).filter(isMapping).map((each) => {
    const [constraint, location, reason] = ['Constraint', 'Location', 'Reason'].map((name) => textIn(each[name]));
    const text = [location, reason, constraint === '' ? '' : `(${constraint})`].filter((part) => part !== '').join(' ');
    return { path: pathOfPointer(location ?? ''), text };
  });
};
