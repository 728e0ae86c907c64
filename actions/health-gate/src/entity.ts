import type { AffectedEntity, HealthEvent } from './event.js';

// Entities that stand for everything, or for an extent that AWS does not know.
const UNBOUNDED = new Set(['aws_account', 'unknown', '']);

/** An ARN ends in what the resource is called elsewhere: `…:db:shop`, `…:instance/i-1`, `…:queue`. */
const endsIn = (arn: string, value: string): boolean => arn.endsWith(`:${value}`) || arn.endsWith(`/${value}`);

const isSame = (left: string, right: string): boolean => left === right || endsIn(left, right) || endsIn(right, left);

/** Is the entity one of ours, or can that not be ruled out? Values are ARNs, ids or names, in any case. */
export const mayBeOurs = (entity: AffectedEntity, ours: readonly string[]): boolean => {
  const value = entity.value.trim().toLowerCase();
  return UNBOUNDED.has(value) || /^\d{12}$/.test(value) || ours.some((own) => isSame(own.toLowerCase(), value));
};

/**
 * Does an event concern what is ours? Public events always do, since they name no entities. An event of the account
 * does when one of its entities is ours; one that lists no entities does too, for its extent is not known.
 */
export const concernsUs = (event: HealthEvent, entities: readonly AffectedEntity[], ours: readonly string[]): boolean =>
  event.scope === 'PUBLIC' || entities.length === 0 || entities.some((entity) => mayBeOurs(entity, ours));
