import type { AffectedEntity, HealthEvent } from '../events/health-event.js';
import type { Request } from '../inputs/parse-request.js';
import type { DeploymentScope } from './deployment-scope.js';

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

/** Values are ARNs, ids or names, in any case. */
const matchesOwnEntity = (entity: AffectedEntity, ownEntities: readonly string[]): boolean => {
  const value = entity.value.trim().toLowerCase();
  return (
    UNBOUNDED_ENTITIES.has(value) ||
    /^\d{12}$/.test(value) ||
    ownEntities.some((ownEntity) => isSameResource(ownEntity.toLowerCase(), value))
  );
};

/** Own entities of a request with `entities: match`: the listed values and the stack's resources. */
export const listOwnEntities = (
  { entities }: Request,
  deploymentScope: DeploymentScope | undefined,
): readonly string[] => (entities.kind === 'match' ? [...entities.values, ...(deploymentScope?.resources ?? [])] : []);

/**
 * Whether an event may affect one of our entities. Public events list no entities and always may. An event of the
 * account may when one of its entities is ours, or when it lists none, since its extent is unknown.
 */
export const mayAffectOwnEntities = (
  event: HealthEvent,
  entities: readonly AffectedEntity[],
  ownEntities: readonly string[],
): boolean =>
  event.scope === 'PUBLIC' || entities.length === 0 || entities.some((entity) => matchesOwnEntity(entity, ownEntities));
