import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import { type Page, paginate } from '@aws-delivery/aws/pagination';
import {
  type StackSet as AwsStackSet,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetAutoDeploymentTargetsCommand,
  ListStackSetOperationResultsCommand,
  ListStackSetOperationsCommand,
  type StackInstanceSummary,
  type StackSetOperationResultSummary,
  type StackSetOperationSummary,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { Overrides, PlannedInstance } from './plan.js';

/** Names the stack set in every call. */
export interface StackSetAddress {
  readonly StackSetName: string;
  readonly CallAs?: 'SELF' | 'DELEGATED_ADMIN';
}

/** A stack instance: a stack of the set in one account and Region. */
export interface Instance extends PlannedInstance {
  readonly stackId: string | undefined;
  readonly detailedStatus: string;
  readonly reason: string;
  readonly driftStatus: string;
}

const PAGE_SIZE = 100;
/** DescribeStackInstance has a low rate limit. */
const DESCRIBE_CONCURRENCY = 3;

const toInstance = (summary: StackInstanceSummary): Instance => {
  const { Account, Region, Status = 'OUTDATED', StackInstanceStatus, OrganizationalUnitId } = summary;
  const detailedStatus = StackInstanceStatus?.DetailedStatus ?? '';
  return {
    account: Account ?? '',
    region: Region ?? '',
    unit: OrganizationalUnitId || undefined,
    stackId: summary.StackId,
    status: Status,
    isSuspended: detailedStatus === 'SKIPPED_SUSPENDED_ACCOUNT',
    detailedStatus,
    reason: summary.StatusReason ?? '',
    driftStatus: summary.DriftStatus ?? 'NOT_CHECKED',
  };
};

/** Reads one stack set, its instances and its operations. */
export class StackSetReader {
  constructor(
    private readonly cloudFormation: CloudFormation,
    readonly address: StackSetAddress,
  ) {}

  async find(): Promise<AwsStackSet | undefined> {
    try {
      const { StackSet } = await this.cloudFormation.send(new DescribeStackSetCommand(this.address));
      return StackSet?.Status === 'DELETED' ? undefined : StackSet;
    } catch (error) {
      if (hasServiceErrorCode(error, 'StackSetNotFoundException', 'StackSetNotFound')) return undefined;
      throw error;
    }
  }

  async listInstances(): Promise<readonly Instance[]> {
    const summaries = await paginate(async (NextToken): Promise<Page<Instance>> => {
      const input = { ...this.address, NextToken, MaxResults: PAGE_SIZE };
      const { Summaries = [], NextToken: next } = await this.cloudFormation.send(new ListStackInstancesCommand(input));
      return { items: Summaries.map(toInstance), next };
    });
    return summaries;
  }

  /**
   * Regions by organizational unit; empty if they cannot be read: then only units with instances are known.
   * @param onUnreadable is called with the reason
   */
  async listUnitRegions(onUnreadable: (reason: string) => void): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    try {
      const targets = await paginate(async (NextToken) => {
        const input = { ...this.address, NextToken, MaxResults: PAGE_SIZE };
        const response = await this.cloudFormation.send(new ListStackSetAutoDeploymentTargetsCommand(input));
        return { items: response.Summaries ?? [], next: response.NextToken };
      });
      return new Map(
        targets.map(({ OrganizationalUnitId = '', Regions = [] }) => [OrganizationalUnitId, new Set(Regions)] as const),
      );
    } catch (error) {
      if (error instanceof DeliveryError && ['denied', 'unexpected'].includes(error.code)) {
        onUnreadable(error.message);
        return new Map();
      }
      throw error;
    }
  }

  async readOverrides(instances: readonly Instance[]): Promise<ReadonlyMap<Instance, Overrides>> {
    const rows = await mapConcurrent(instances, DESCRIBE_CONCURRENCY, async (instance) => {
      const { StackInstance } = await this.cloudFormation.send(
        new DescribeStackInstanceCommand({
          ...this.address,
          StackInstanceAccount: instance.account,
          StackInstanceRegion: instance.region,
        }),
      );
      const overrides = (StackInstance?.ParameterOverrides ?? []).map(
        ({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue] as const,
      );
      return [instance, new Map(overrides)] as const;
    });
    return new Map(rows);
  }

  /** The latest operations, newest first. Older ones have ended. */
  async listRecentOperations(): Promise<readonly StackSetOperationSummary[]> {
    const input = { ...this.address, MaxResults: PAGE_SIZE };
    const { Summaries = [] } = await this.cloudFormation.send(new ListStackSetOperationsCommand(input));
    return Summaries;
  }

  listResults(OperationId: string): Promise<readonly StackSetOperationResultSummary[]> {
    return paginate(async (NextToken) => {
      const input = { ...this.address, OperationId, NextToken, MaxResults: PAGE_SIZE };
      const response = await this.cloudFormation.send(new ListStackSetOperationResultsCommand(input));
      return { items: response.Summaries ?? [], next: response.NextToken };
    });
  }
}
