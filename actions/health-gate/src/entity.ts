import type { AffectedEntity, HealthEvent } from './event.js';

// Entities that stand for everything, or for an extent that AWS does not know.
const UNBOUNDED = new Set(['aws_account', 'unknown', '']);

const VERSION = /^(?:\d+|\*|\$latest)$/;

/**
 * Everything a resource is called: an ARN or a URL ends in its name (`…:db:shop`, `…/orders`), behind which a version
 * may stand (`…:function:pay:7`). CloudFormation knows a queue by its URL, AWS Health by its ARN.
 */
const namesOf = (value: string): readonly string[] => {
  const parts = value.split(/[:/]+/).filter((part) => part !== '');
  const name = parts.findLast((part) => !VERSION.test(part));
  return name === undefined ? [value] : [value, name];
};

const isSame = (left: string, right: string): boolean => {
  const names = namesOf(right);
  return namesOf(left).some((name) => names.includes(name));
};

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
