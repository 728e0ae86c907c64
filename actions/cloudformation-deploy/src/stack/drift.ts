import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { paginate } from '@aws-delivery/aws/pagination';
import { poll } from '@aws-delivery/aws/poll';
import {
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
  type StackResourceDriftStatus,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { WaitContext } from '../wait-context.js';

export interface DriftedProperty {
  readonly path: string;
  /** ADD, REMOVE, NOT_EQUAL. */
  readonly kind: string;
  /** Undefined unless values are shown. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

export interface DriftedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** MODIFIED, DELETED or IN_SYNC. */
  readonly status: string;
  readonly properties: readonly DriftedProperty[];
}

/** Result of a drift detection. */
export interface DriftDetection {
  /** IN_SYNC, DRIFTED, or another status of CloudFormation. */
  readonly status: string;
  readonly resources: readonly DriftedResource[];
  /** Resources without drift; empty unless they are requested. */
  readonly resourcesInSync: readonly DriftedResource[];
}

const toDriftedResource = (drift: StackResourceDrift, includeValues: boolean): DriftedResource => ({
  logicalId: drift.LogicalResourceId ?? '',
  physicalId: drift.PhysicalResourceId ?? '',
  type: drift.ResourceType ?? '',
  status: drift.StackResourceDriftStatus ?? '',
  properties: (drift.PropertyDifferences ?? []).map((difference) => ({
    path: difference.PropertyPath ?? '',
    kind: difference.DifferenceType ?? '',
    expected: includeValues ? (difference.ExpectedValue ?? '') : undefined,
    actual: includeValues ? (difference.ActualValue ?? '') : undefined,
  })),
});

const waitForDetection = (cloudFormation: CloudFormation, waitContext: WaitContext, StackDriftDetectionId: string) =>
  poll<DescribeStackDriftDetectionStatusCommandOutput>({
    label: 'drift detection',
    ...waitContext,
    read: async () => {
      const detection = await cloudFormation.send(
        new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
      );
      return detection.DetectionStatus === 'DETECTION_IN_PROGRESS'
        ? { state: 'pending' }
        : { state: 'done', value: detection };
    },
  });

const readDrifts = (
  cloudFormation: CloudFormation,
  StackName: string,
  StackResourceDriftStatusFilters: StackResourceDriftStatus[],
): Promise<readonly StackResourceDrift[]> =>
  paginate(async (NextToken) => {
    const page = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({ StackName, StackResourceDriftStatusFilters, NextToken }),
    );
    return { items: page.StackResourceDrifts ?? [], next: page.NextToken };
  });

export interface DriftOptions {
  readonly cloudFormation: CloudFormation;
  readonly waitContext: WaitContext;
  readonly stackId: string;
  /** Property values may be secrets. */
  readonly includeValues: boolean;
  /** Whether to read the resources without drift as well. */
  readonly includeInSync: boolean;
}

/**
 * Runs a drift detection.
 * @throws DeliveryError `unavailable` if CloudFormation could not check all resources
 */
export const detectDrift = async ({
  cloudFormation,
  waitContext,
  stackId,
  includeValues,
  includeInSync,
}: DriftOptions): Promise<DriftDetection> => {
  const { StackDriftDetectionId: id } = await cloudFormation.send(new DetectStackDriftCommand({ StackName: stackId }));
  if (id === undefined) throw new DeliveryError('unexpected', 'DetectStackDrift returned no detection ID');
  const detection = await waitForDetection(cloudFormation, waitContext, id);
  if (detection.DetectionStatus !== 'DETECTION_COMPLETE' || detection.StackDriftStatus === undefined) {
    const reason = detection.DetectionStatusReason ?? 'no reason given';
    throw new DeliveryError('unavailable', `drift detection failed (${detection.DetectionStatus}): ${reason}`);
  }
  const drifts = await readDrifts(cloudFormation, stackId, [
    ...(['MODIFIED', 'DELETED'] as const),
    ...(includeInSync ? (['IN_SYNC'] as const) : []),
  ]);
  const resources = drifts.map((drift) => toDriftedResource(drift, includeValues));
  return {
    status: detection.StackDriftStatus,
    resources: resources.filter(({ status }) => status !== 'IN_SYNC'),
    resourcesInSync: resources.filter(({ status }) => status === 'IN_SYNC'),
  };
};
