import type { AffectedEntity, HealthEvent } from '../events/health-event.js';

// Entities that stand for everything, or for an extent that AWS does not know.
const UNBOUNDED_ENTITIES = new Set(['aws_account', 'unknown', '']);

const VERSION_PATTERN = /^(?:\d+|\*|\$latest)$/;

/**
 * Everything a resource is called: an ARN or a URL ends in its name (`…:db:shop`, `…/orders`), behind which a version
 * may stand (`…:function:pay:7`). CloudFormation knows a queue by its URL, AWS Health by its ARN.
 */
const listNames = (value: string): readonly string[] => {
  const segments = value.split(/[:/]+/).filter((segment) => segment !== '');
  const name = segments.findLast((segment) => !VERSION_PATTERN.test(segment));
  return name === undefined ? [value] : [value, name];
};

const isSameResource = (left: string, right: string): boolean => {
  const names = listNames(right);
  return listNames(left).some((name) => names.includes(name));
};

/** Is the entity one of ours, or can that not be ruled out? Values are ARNs, ids or names, in any case. */
export const matchesOwnEntity = (entity: AffectedEntity, ownEntities: readonly string[]): boolean => {
  const value = entity.value.trim().toLowerCase();
  return (
    UNBOUNDED_ENTITIES.has(value) ||
    /^\d{12}$/.test(value) ||
    ownEntities.some((ownEntity) => isSameResource(ownEntity.toLowerCase(), value))
  );
};

/**
 * Does an event concern what is ours? Public events always do, since they name no entities. An event of the account
 * does when one of its entities is ours; one that lists no entities does too, for its extent is not known.
 */
export const mayAffectOwnEntities = (
  event: HealthEvent,
  entities: readonly AffectedEntity[],
  ownEntities: readonly string[],
): boolean =>
  event.scope === 'PUBLIC' || entities.length === 0 || entities.some((entity) => matchesOwnEntity(entity, ownEntities));
