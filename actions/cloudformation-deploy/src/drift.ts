import { DeliveryError } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import {
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';
import type { Waiting } from './waiting.js';

export interface DriftedProperty {
  readonly path: string;
  /** ADD, REMOVE, NOT_EQUAL. */
  readonly kind: string;
  readonly expected: string;
  readonly actual: string;
}

export interface DriftedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** MODIFIED or DELETED. */
  readonly status: string;
  readonly properties: readonly DriftedProperty[];
}

/** How a stack differs from its template. */
export interface Drift {
  /** IN_SYNC, DRIFTED, or what else CloudFormation says. */
  readonly status: string;
  readonly resources: readonly DriftedResource[];
}

const driftedOf = (drift: StackResourceDrift): DriftedResource => ({
  logicalId: drift.LogicalResourceId ?? '',
  physicalId: drift.PhysicalResourceId ?? '',
  type: drift.ResourceType ?? '',
  status: drift.StackResourceDriftStatus ?? '',
  properties: (drift.PropertyDifferences ?? []).map((difference) => ({
    path: difference.PropertyPath ?? '',
    kind: difference.DifferenceType ?? '',
    expected: difference.ExpectedValue ?? '',
    actual: difference.ActualValue ?? '',
  })),
});

const untilDetected = (cloudFormation: CloudFormation, waiting: Waiting, StackDriftDetectionId: string) =>
  poll<DescribeStackDriftDetectionStatusCommandOutput>({
    what: 'drift detection',
    ...waiting,
    read: async () => {
      const found = await cloudFormation.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
      return found.DetectionStatus === 'DETECTION_IN_PROGRESS' ? { state: 'pending' } : { state: 'done', value: found };
    },
  });

const driftedResources = async (cloudFormation: CloudFormation, StackName: string): Promise<DriftedResource[]> => {
  const found: DriftedResource[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        NextToken,
      }),
    );
    found.push(...(page.StackResourceDrifts ?? []).map(driftedOf));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
};

/** Detects drift now. Throws DeliveryError `unavailable` where CloudFormation could not look at everything. */
export const detectDrift = async (
  cloudFormation: CloudFormation,
  waiting: Waiting,
  stackId: string,
): Promise<Drift> => {
  const { StackDriftDetectionId: id } = await cloudFormation.send(new DetectStackDriftCommand({ StackName: stackId }));
  if (id === undefined) throw new DeliveryError('unexpected', 'drift detection started without an id');
  const found = await untilDetected(cloudFormation, waiting, id);
  if (found.DetectionStatus !== 'DETECTION_COMPLETE' || found.StackDriftStatus === undefined) {
    const reason = found.DetectionStatusReason ?? 'no reason given';
    throw new DeliveryError('unavailable', `drift could not be detected (${found.DetectionStatus}): ${reason}`);
  }
  return { status: found.StackDriftStatus, resources: await driftedResources(cloudFormation, stackId) };
};
