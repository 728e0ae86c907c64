import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { paginate } from '@aws-delivery/aws/pagination';
import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';

// The number of names that a call takes without `MaxRecords`.
const MAX_NAMES = 50;

const fetchGroups = (client: AutoScalingClient, names: readonly string[]): Promise<readonly AutoScalingGroup[]> =>
  paginate(async (token) => {
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names], NextToken: token });
    const { AutoScalingGroups: items = [], NextToken: next } = await client.send(command);
    return { items, next };
  });

/**
 * Lists the ids of the instances of Auto Scaling groups. Undefined if not all are shown: a group is missing from the
 * response, or has a warm pool, whose instances the response does not contain. Imported dynamically: it loads the Auto
 * Scaling client.
 */
export const listGroupInstances = async (
  config: AwsClientConfig,
  names: readonly string[],
): Promise<readonly string[] | undefined> => {
  const client = new AutoScalingClient(config);
  renewExpiredCredentials(client);
  const groups: AutoScalingGroup[] = [];
  for (let start = 0; start < names.length; start += MAX_NAMES)
    groups.push(...(await fetchGroups(client, names.slice(start, start + MAX_NAMES))));
  const isShown = (name: string) =>
    groups.some(
      (group) =>
        group.AutoScalingGroupName === name &&
        group.Instances !== undefined &&
        group.WarmPoolConfiguration === undefined,
    );
  if (!names.every(isShown)) return undefined;
  return groups.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
};
