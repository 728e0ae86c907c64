import type { AffectedEntity, HealthEvent } from '../events/health-event.js';
import { type EcsEntity, isRelatedEcsEntity, parseEcsEntity } from './ecs-entity.js';
import { isHiddenEntity, type OwnEntities } from './own-entities.js';

// Entity values for the whole account or an unknown extent.
const UNBOUNDED_ENTITIES = new Set(['aws_account', 'unknown', '']);

const VERSION_PATTERN = /^(?:\d+|\*|\$latest)$/;

/**
 * Names of a resource: the value itself, and the last segment of an ARN or URL (`…:db:shop`, `…/orders`) before an
 * optional version (`…:function:pay:7`). CloudFormation identifies a queue by its URL, AWS Health by its ARN.
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

/** ECS: names are unique in a cluster only, so that `a|web` is not `b|web`. */
const matchesOwnEcsEntity = (entity: EcsEntity, values: readonly string[]): boolean =>
  values.some((value) => {
    const own = parseEcsEntity(value);
    if (own !== undefined) return isRelatedEcsEntity(own, entity);
    return !value.startsWith('arn:') && (value === entity.cluster || value === entity.service);
  });

/** Values are ARNs, ids or names, in any case. What cannot be matched may be ours. */
const matchesOwnEntity = (entity: AffectedEntity, ownEntities: OwnEntities): boolean => {
  const value = entity.value.trim().toLowerCase();
  const own = ownEntities.values.map((each) => each.toLowerCase());
  if (UNBOUNDED_ENTITIES.has(value) || /^\d{12}$/.test(value)) return true;
  const ecsEntity = parseEcsEntity(value);
  if (ecsEntity !== undefined) return matchesOwnEcsEntity(ecsEntity, own);
  return isHiddenEntity(value, ownEntities) || own.some((each) => isSameResource(each, value));
};

/**
 * Whether an event may affect one of our entities. Public events list no entities and always may. An event of the
 * account may when one of its entities is ours, or when it lists none, since its extent is unknown.
 */
export const mayAffectOwnEntities = (
  event: HealthEvent,
  entities: readonly AffectedEntity[],
  ownEntities: OwnEntities,
): boolean =>
  event.scope === 'PUBLIC' || entities.length === 0 || entities.some((entity) => matchesOwnEntity(entity, ownEntities));
