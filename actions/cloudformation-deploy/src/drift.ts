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

const driftedOf = (drift: StackResourceDrift, wantValues: boolean): DriftedResource => ({
  logicalId: drift.LogicalResourceId ?? '',
  physicalId: drift.PhysicalResourceId ?? '',
  type: drift.ResourceType ?? '',
  status: drift.StackResourceDriftStatus ?? '',
  properties: (drift.PropertyDifferences ?? []).map((difference) => ({
    path: difference.PropertyPath ?? '',
    kind: difference.DifferenceType ?? '',
    expected: wantValues ? (difference.ExpectedValue ?? '') : undefined,
    actual: wantValues ? (difference.ActualValue ?? '') : undefined,
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

const readDrifts = async (cloudFormation: CloudFormation, StackName: string): Promise<StackResourceDrift[]> => {
  const found: StackResourceDrift[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        NextToken,
      }),
    );
    found.push(...(page.StackResourceDrifts ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
};

export interface DriftOptions {
  readonly cloudFormation: CloudFormation;
  readonly waiting: Waiting;
  readonly stackId: string;
  /** Values of properties may be secrets. */
  readonly wantValues: boolean;
}

/** Detects drift now. Throws DeliveryError `unavailable` where CloudFormation could not look at everything. */
export const detectDrift = async ({ cloudFormation, waiting, stackId, wantValues }: DriftOptions): Promise<Drift> => {
  const { StackDriftDetectionId: id } = await cloudFormation.send(new DetectStackDriftCommand({ StackName: stackId }));
  if (id === undefined) throw new DeliveryError('unexpected', 'drift detection started without an id');
  const found = await untilDetected(cloudFormation, waiting, id);
  if (found.DetectionStatus !== 'DETECTION_COMPLETE' || found.StackDriftStatus === undefined) {
    const reason = found.DetectionStatusReason ?? 'no reason given';
    throw new DeliveryError('unavailable', `drift could not be detected (${found.DetectionStatus}): ${reason}`);
  }
  const drifts = await readDrifts(cloudFormation, stackId);
  return { status: found.StackDriftStatus, resources: drifts.map((drift) => driftedOf(drift, wantValues)) };
};
