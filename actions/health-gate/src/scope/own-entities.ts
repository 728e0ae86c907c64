import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import type { AffectedEntity } from '../events/health-event.js';
import type { Request } from '../inputs/parse-request.js';
import type { DeploymentScope } from './deployment-scope.js';

/** Our entities, for `entities: match`. */
export interface OwnEntities {
  /** ARNs, ids and names: the listed values and the stack's resources. */
  readonly values: readonly string[];
  /** Auto Scaling groups whose instances are not among the values. */
  readonly groups: readonly string[];
  /** Whether the stack starts instances that neither its resources nor its Auto Scaling groups show. */
  readonly hasHiddenInstances: boolean;
  /** Whether volumes and network interfaces may belong to instances of the stack. */
  readonly hasHiddenDevices: boolean;
}

// The physical id of a group is its name.
const GROUP_TYPE = 'AWS::AutoScaling::AutoScalingGroup';

// Types that start EC2 instances which are not resources of the stack, apart from Auto Scaling groups.
const INSTANCE_OWNERS =
  /^AWS::(?:Batch::ComputeEnvironment|EC2::(?:EC2Fleet|SpotFleet)|EKS::(?:Cluster|Nodegroup)|ElasticBeanstalk::Environment|EMR::\w+|ECS::CapacityProvider)$/;

const INSTANCE_PATTERN = /^(?:i-[0-9a-f]+|arn:[a-z-]+:ec2:.*:instance\/i-[0-9a-f]+)$/;

const DEVICE_PATTERN =
  /^(?:(?:vol|eni)-[0-9a-f]+|arn:[a-z-]+:ec2:[^/]*:(?:volume\/vol|network-interface\/eni)-[0-9a-f]+)$/;

/** Own entities of a request with `entities: match`. */
export const listOwnEntities = ({ entities }: Request, deploymentScope: DeploymentScope | undefined): OwnEntities => {
  const { resources = [], types = [] } = deploymentScope ?? {};
  const groups = resources.filter(({ type }) => type === GROUP_TYPE).map(({ physicalId }) => physicalId);
  const hasUnknownGroup = groups.length === 0 && types.includes(GROUP_TYPE);
  const hasOwner = types.some((type) => INSTANCE_OWNERS.test(type));
  return {
    values: entities.kind === 'match' ? [...entities.values, ...resources.map(({ physicalId }) => physicalId)] : [],
    groups,
    hasHiddenInstances: hasUnknownGroup || hasOwner,
    hasHiddenDevices: hasOwner || types.includes(GROUP_TYPE) || types.includes('AWS::EC2::Instance'),
  };
};

const isInstance = ({ value }: AffectedEntity): boolean => INSTANCE_PATTERN.test(value.trim().toLowerCase());

/** Whether an entity (in lower case) is an instance or a device that may belong to the stack without being shown. */
export const isHiddenEntity = (value: string, { groups, hasHiddenInstances, hasHiddenDevices }: OwnEntities): boolean =>
  ((hasHiddenInstances || groups.length > 0) && INSTANCE_PATTERN.test(value)) ||
  (hasHiddenDevices && DEVICE_PATTERN.test(value));

/** Own entities, and notices about what could not be read. */
export interface ReadEntities {
  readonly ownEntities: OwnEntities;
  readonly notices: readonly string[];
}

/**
 * Adds the instances of the Auto Scaling groups, if an event lists an instance. All instances remain ours if the groups
 * cannot be read or do not show their instances.
 */
export const addGroupInstances = async (
  ownEntities: OwnEntities,
  entities: readonly AffectedEntity[],
  listGroupInstances: (groups: readonly string[]) => Promise<readonly string[] | undefined>,
): Promise<ReadEntities> => {
  const { groups, values } = ownEntities;
  if (groups.length === 0 || !entities.some(isInstance)) return { ownEntities, notices: [] };
  try {
    const instances = await listGroupInstances(groups);
    if (instances === undefined) return { ownEntities, notices: [] };
    return { ownEntities: { ...ownEntities, values: [...values, ...instances], groups: [] }, notices: [] };
  } catch (error) {
    const notice = `Instances of the Auto Scaling groups are not available, so that events of all instances are included: ${formatAwsError(error)}`;
    const hint = ". Allow autoscaling:DescribeAutoScalingGroups in the role's policy.";
    return { ownEntities, notices: [classifyError(error) === 'denied' ? notice + hint : notice] };
  }
};
