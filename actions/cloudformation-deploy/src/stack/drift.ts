import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { poll } from '@aws-delivery/aws/poll';
import {
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { WaitContext } from '../wait-context.js';

export interface DriftedProperty {
  readonly path: string;
  /** ADD, REMOVE, NOT_EQUAL. */
  readonly kind: string;
  /** Undefined where values are not shown. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
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

const readDrifts = async (cloudFormation: CloudFormation, StackName: string): Promise<StackResourceDrift[]> => {
  const drifts: StackResourceDrift[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        NextToken,
      }),
    );
    drifts.push(...(page.StackResourceDrifts ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return drifts;
};

export interface DriftOptions {
  readonly cloudFormation: CloudFormation;
  readonly waitContext: WaitContext;
  readonly stackId: string;
  /** Values of properties may be secrets. */
  readonly includeValues: boolean;
}

/** Detects drift now. Throws DeliveryError `unavailable` where CloudFormation could not look at everything. */
export const detectDrift = async ({
  cloudFormation,
  waitContext,
  stackId,
  includeValues,
}: DriftOptions): Promise<Drift> => {
  const { StackDriftDetectionId: id } = await cloudFormation.send(new DetectStackDriftCommand({ StackName: stackId }));
  if (id === undefined) throw new DeliveryError('unexpected', 'drift detection started without an id');
  const detection = await waitForDetection(cloudFormation, waitContext, id);
  if (detection.DetectionStatus !== 'DETECTION_COMPLETE' || detection.StackDriftStatus === undefined) {
    const reason = detection.DetectionStatusReason ?? 'no reason given';
    throw new DeliveryError('unavailable', `drift could not be detected (${detection.DetectionStatus}): ${reason}`);
  }
  const drifts = await readDrifts(cloudFormation, stackId);
  return {
    status: detection.StackDriftStatus,
    resources: drifts.map((drift) => toDriftedResource(drift, includeValues)),
  };
};
