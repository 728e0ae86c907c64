import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { paginate } from '@aws-delivery/aws/pagination';
import { poll } from '@aws-delivery/aws/poll';
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { WidenedPermission } from '../security/widened-permissions.js';
import { classifyServiceError } from '../service-error.js';
import type { WaitContext } from '../wait-context.js';
import { type Change, toChange } from './change.js';

/** A change set whose creation has completed or failed, with its changes. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  /** `empty`: nothing to change. A change of outputs alone is not empty, though `changes` is. */
  readonly state: 'ready' | 'empty' | 'failed';
  readonly reason: string;
  /** Resource changes, those of nested change sets included. */
  readonly changes: readonly Change[];
  readonly status: string;
  readonly executionStatus: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number | undefined;
  /** Whether changes inside nested stacks are among `changes`. */
  readonly includesNestedStacks: boolean;
  /** Whether CloudFormation deletes the stack when its creation fails. */
  readonly deletesOnFailure: boolean;
  /** What the changes widen, with `protect: security`; undefined if it was not evaluated. */
  readonly widenedPermissions?: readonly WidenedPermission[];
}

export type CreateChangeSetInput = CreateChangeSetCommandInput & {
  readonly StackName: string;
  readonly ChangeSetName: string;
  readonly Description: string;
};

export interface ChangeSetReference {
  /** ARN; or a name, together with the stack's. */
  readonly id: string;
  readonly stackName?: string;
}

// An empty change set is recognised only by its reason (docs/aws-facts.md §1.5).
const NO_CHANGES_REASON = /^The submitted information didn't contain changes\.|No updates are to be performed/u;
const NESTED_FAILURE = /Nested change set (arn:\S+) was not successful/u;

const toRequestParameters = ({ id, stackName }: ChangeSetReference) => ({ ChangeSetName: id, StackName: stackName });

const createGoneError = ({ id }: ChangeSetReference): DeliveryError => {
  const rule = 'does not exist. It was executed or deleted, or another change set was executed';
  return new DeliveryError('not-found', `change set ${id} ${rule}. Create a new one with mode: create-only`);
};

/** Whether a change set, or one of its nested ones, was deleted while it was created or read. */
export const isChangeSetGone = (error: unknown): boolean =>
  error instanceof DeliveryError && error.code === 'not-found' && error.cause === undefined;

/** Time that a change set may be missing from eventually consistent reads before it counts as deleted. */
const VISIBILITY_TIMEOUT_MS = 15_000;

/** Creates, reads and deletes change sets. */
export class ChangeSets {
  constructor(
    private readonly cloudFormation: CloudFormation,
    private readonly waitContext: WaitContext,
  ) {}

  /**
   * Creates a change set and waits until it is complete. An existing one with the same name and description comes from
   * a call of this run whose response was lost, and is used; with another description it comes from an earlier run, and
   * is replaced.
   */
  async create(input: CreateChangeSetInput, includeValues: boolean): Promise<ChangeSet> {
    const id = await this.createOrReuse(input);
    return this.readWhenComplete({ id, stackName: input.StackName }, includeValues);
  }

  /** @throws DeliveryError `not-found` if the change set does not exist */
  async load(reference: ChangeSetReference, includeValues: boolean): Promise<ChangeSet> {
    const page = await this.describe(reference, includeValues);
    if (page !== undefined) return this.readWhenComplete(reference, includeValues);
    throw createGoneError(reference);
  }

  /**
   * Waits until a change set can be executed, is empty or has failed, and reads its changes.
   * @throws DeliveryError `not-found` if it is deleted meanwhile
   */
  async readWhenComplete(reference: ChangeSetReference, includeValues: boolean): Promise<ChangeSet> {
    const first = await this.waitUntilComplete(reference, includeValues);
    const changes = await this.readChanges(first, reference, includeValues, '');
    return {
      id: first.ChangeSetId ?? reference.id,
      name: first.ChangeSetName ?? reference.id,
      stackId: first.StackId ?? '',
      ...(await this.readState(first)),
      changes,
      status: first.Status ?? '',
      executionStatus: first.ExecutionStatus ?? '',
      createdAt: first.CreationTime?.getTime(),
      includesNestedStacks: first.IncludeNestedStacks ?? false,
      deletesOnFailure: first.OnStackFailure === 'DELETE',
    };
  }

  private waitUntilComplete(
    reference: ChangeSetReference,
    includeValues: boolean,
  ): Promise<DescribeChangeSetCommandOutput> {
    const { clock } = this.waitContext;
    let lastSeenAt = clock.now();
    return poll({
      label: `the creation of change set ${reference.id}`,
      ...this.waitContext,
      backoff: { initialDelayMs: 500, maxDelayMs: 3000, factor: 1.2 },
      read: async () => {
        const page = await this.describe(reference, includeValues);
        if (page !== undefined) lastSeenAt = clock.now();
        const isDeleted = page?.Status?.startsWith('DELETE_') ?? clock.now() - lastSeenAt > VISIBILITY_TIMEOUT_MS;
        if (isDeleted) throw createGoneError(reference);
        const done = page !== undefined && ['CREATE_COMPLETE', 'FAILED'].includes(page.Status ?? '');
        return done ? { state: 'done', value: page } : { state: 'pending' };
      },
    });
  }

  /** Deletes a change set once its creation has ended. A missing one is no error. */
  async delete(reference: ChangeSetReference): Promise<void> {
    await poll({
      label: `the deletion of change set ${reference.id}`,
      ...this.waitContext,
      backoff: { initialDelayMs: 500, maxDelayMs: 3000 },
      read: async () =>
        (await this.tryDelete(reference)) ? { state: 'done', value: undefined } : { state: 'pending' },
    });
  }

  /** False if it cannot be deleted yet, because it is still being created. */
  private async tryDelete(reference: ChangeSetReference): Promise<boolean> {
    try {
      await this.cloudFormation.send(new DeleteChangeSetCommand(toRequestParameters(reference)));
    } catch (error) {
      const errorKind = classifyServiceError(error) ?? '';
      if (errorKind === 'change-set-state') return false;
      if (!['no-change-set', 'no-stack'].includes(errorKind)) throw error;
    }
    return true;
  }

  private async createOrReuse(input: CreateChangeSetInput): Promise<string> {
    try {
      return await this.send(input);
    } catch (error) {
      if (!['name-taken', 'token-used'].includes(classifyServiceError(error) ?? '')) throw error;
    }
    const reference = { id: input.ChangeSetName, stackName: input.StackName };
    const existing = await this.cloudFormation.send(new DescribeChangeSetCommand(toRequestParameters(reference)));
    if (existing.Description === input.Description) return existing.ChangeSetId ?? input.ChangeSetName;
    await this.delete(reference);
    await this.waitUntilDeleted(reference);
    return this.send(input);
  }

  private async send(input: CreateChangeSetInput): Promise<string> {
    const { Id: id } = await this.cloudFormation.send(new CreateChangeSetCommand(input));
    if (id === undefined)
      throw new DeliveryError('unexpected', `CreateChangeSet returned no ID for change set ${input.ChangeSetName}`);
    return id;
  }

  private async waitUntilDeleted(reference: ChangeSetReference): Promise<void> {
    await poll({
      label: `the deletion of change set ${reference.id} of an earlier run`,
      ...this.waitContext,
      read: async () => {
        const page = await this.describe(reference, false);
        return page === undefined ? { state: 'done', value: undefined } : { state: 'pending' };
      },
    });
  }

  /** The first page; undefined if the change set is not found, which a new one may be for a while. */
  private async describe(
    reference: ChangeSetReference,
    includeValues: boolean,
    NextToken?: string,
  ): Promise<DescribeChangeSetCommandOutput | undefined> {
    try {
      return await this.cloudFormation.send(
        new DescribeChangeSetCommand({
          ...toRequestParameters(reference),
          NextToken,
          IncludePropertyValues: includeValues,
        }),
      );
    } catch (error) {
      if (['no-change-set', 'no-stack'].includes(classifyServiceError(error) ?? '')) return undefined;
      throw error;
    }
  }

  private async readChanges(
    first: DescribeChangeSetCommandOutput,
    reference: ChangeSetReference,
    includeValues: boolean,
    parent: string,
  ): Promise<readonly Change[]> {
    const changes = await paginate(async (token) => {
      const page = token === undefined ? first : await this.describe(reference, includeValues, token);
      // A change set that was deleted between two pages leaves an incomplete list.
      if (page === undefined) throw createGoneError(reference);
      return { items: (page.Changes ?? []).map((change) => toChange(change, parent)), next: page.NextToken };
    });
    const nested = changes.map((change) => this.readNestedChanges(change, includeValues));
    return [...changes, ...(await Promise.all(nested)).flat()];
  }

  private async readNestedChanges(change: Change, includeValues: boolean): Promise<readonly Change[]> {
    if (change.nestedChangeSetId === undefined) return [];
    const reference = { id: change.nestedChangeSetId };
    const first = await this.describe(reference, includeValues);
    if (first === undefined) {
      throw new DeliveryError('not-found', `the nested change set of ${change.path} was not found: rerun the job`);
    }
    return this.readChanges(first, reference, includeValues, `${change.path}.`);
  }

  private async readState(page: DescribeChangeSetCommandOutput): Promise<Pick<ChangeSet, 'state' | 'reason'>> {
    const reason = page.StatusReason ?? '';
    if (page.Status === 'CREATE_COMPLETE') return { state: 'ready', reason };
    const [, nestedId] = NESTED_FAILURE.exec(reason) ?? [];
    const nested = nestedId === undefined ? undefined : await this.describe({ id: nestedId }, false);
    if (nested !== undefined) return { state: 'failed', reason: (await this.readState(nested)).reason };
    return { state: NO_CHANGES_REASON.test(reason) ? 'empty' : 'failed', reason };
  }
}
