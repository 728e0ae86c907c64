import type { AffectedEntity, HealthEvent } from '../events/health-event.js';
import type { Request } from '../inputs/parse-request.js';
import type { DeploymentScope } from './deployment-scope.js';
import { type EcsEntity, isRelatedEcsEntity, parseEcsEntity } from './ecs-entity.js';

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

/** Our entities, for `entities: match`. */
export interface OwnEntities {
  /** ARNs, ids and names: the listed values and the stack's resources. */
  readonly values: readonly string[];
  /** Whether the stack starts instances that its resources do not show, such as those of an Auto Scaling group. */
  readonly hasHiddenInstances: boolean;
}

// Types that start EC2 instances which are not resources of the stack.
const INSTANCE_OWNERS =
  /^AWS::(?:AutoScaling::AutoScalingGroup|Batch::ComputeEnvironment|EC2::(?:EC2Fleet|SpotFleet)|EKS::(?:Cluster|Nodegroup)|ElasticBeanstalk::Environment|EMR::\w+|ECS::CapacityProvider)$/;

const INSTANCE_PATTERN = /^(?:i-[0-9a-f]+|arn:[a-z-]+:ec2:.*:instance\/i-[0-9a-f]+)$/;

/** ECS: names are unique in a cluster only, so that `a|web` is not `b|web`. */
const matchesOwnEcsEntity = (entity: EcsEntity, values: readonly string[]): boolean =>
  values.some((value) => {
    const own = parseEcsEntity(value);
    if (own !== undefined) return isRelatedEcsEntity(own, entity);
    return !value.startsWith('arn:') && (value === entity.cluster || value === entity.service);
  });

/** Values are ARNs, ids or names, in any case. What cannot be matched may be ours. */
const matchesOwnEntity = (entity: AffectedEntity, { values, hasHiddenInstances }: OwnEntities): boolean => {
  const value = entity.value.trim().toLowerCase();
  const own = values.map((each) => each.toLowerCase());
  if (UNBOUNDED_ENTITIES.has(value) || /^\d{12}$/.test(value)) return true;
  const ecsEntity = parseEcsEntity(value);
  if (ecsEntity !== undefined) return matchesOwnEcsEntity(ecsEntity, own);
  return (hasHiddenInstances && INSTANCE_PATTERN.test(value)) || own.some((each) => isSameResource(each, value));
};

/** Own entities of a request with `entities: match`. */
export const listOwnEntities = ({ entities }: Request, deploymentScope: DeploymentScope | undefined): OwnEntities => ({
  values: entities.kind === 'match' ? [...entities.values, ...(deploymentScope?.resources ?? [])] : [],
  hasHiddenInstances: deploymentScope?.types.some((type) => INSTANCE_OWNERS.test(type)) ?? false,
});

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
