import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { poll } from '@aws-delivery/aws/poll';
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { classifyServiceError } from '../service-error.js';
import type { WaitContext } from '../wait-context.js';
import { type Change, toChange } from './change.js';

/** A change set that has come to an end of its making. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  /** `empty`: nothing to change. Outputs alone are a change, so an empty list of changes says nothing. */
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

// aws-facts §1.5: the reason is the only sign of an empty change set.
const NO_CHANGES_REASON = /^The submitted information didn't contain changes\.|No updates are to be performed/u;
const NESTED_FAILURE = /Nested change set (arn:\S+) was not successful/u;

const toRequestParameters = ({ id, stackName }: ChangeSetReference) => ({ ChangeSetName: id, StackName: stackName });

const createGoneError = ({ id }: ChangeSetReference): DeliveryError => {
  const rule = 'does not exist: it was executed, deleted, or replaced when another one was executed';
  return new DeliveryError('not-found', `change set ${id} ${rule}; make a new one with mode create-only`);
};

/** Was a change set, or one of its nested ones, taken away while it was made or read? */
export const isChangeSetGone = (error: unknown): boolean =>
  error instanceof DeliveryError && error.code === 'not-found' && error.cause === undefined;

/** For how long a change set may not be seen, fresh or by a read out of date, before it counts as gone. */
const VISIBILITY_TIMEOUT_MS = 15_000;

/** Change sets of one CloudFormation, and how long to wait for them. */
export class ChangeSets {
  constructor(
    private readonly cloudFormation: CloudFormation,
    private readonly waitContext: WaitContext,
  ) {}

  /**
   * Creates a change set and waits until it is there. One of the same name and description is this run's own, from a
   * call whose answer was lost; one of the same name and another description is an earlier run's, and is replaced.
   */
  async create(input: CreateChangeSetInput, includeValues: boolean): Promise<ChangeSet> {
    const id = await this.createOrReuse(input);
    return this.readWhenComplete({ id, stackName: input.StackName }, includeValues);
  }

  /** A change set that must exist already. Throws DeliveryError `not-found`. */
  async load(reference: ChangeSetReference, includeValues: boolean): Promise<ChangeSet> {
    const page = await this.describe(reference, includeValues);
    if (page !== undefined) return this.readWhenComplete(reference, includeValues);
    throw createGoneError(reference);
  }

  /**
   * Waits until a change set can be executed, is empty or has failed, and reads its changes. Throws DeliveryError
   * `not-found` when it goes meanwhile.
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
      label: `change set ${reference.id}`,
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

  /** Deletes a change set, as soon as it is made; one that is gone is as good as deleted. */
  async delete(reference: ChangeSetReference): Promise<void> {
    await poll({
      label: `change set ${reference.id} to be deleted`,
      ...this.waitContext,
      backoff: { initialDelayMs: 500, maxDelayMs: 3000 },
      read: async () =>
        (await this.tryDelete(reference)) ? { state: 'done', value: undefined } : { state: 'pending' },
    });
  }

  /** False where it cannot be deleted yet, because it is still being made. */
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

  private async createOrReuse(order: CreateChangeSetInput): Promise<string> {
    try {
      return await this.send(order);
    } catch (error) {
      if (!['name-taken', 'token-used'].includes(classifyServiceError(error) ?? '')) throw error;
    }
    const reference = { id: order.ChangeSetName, stackName: order.StackName };
    const existing = await this.cloudFormation.send(new DescribeChangeSetCommand(toRequestParameters(reference)));
    if (existing.Description === order.Description) return existing.ChangeSetId ?? order.ChangeSetName;
    await this.delete(reference);
    await this.waitUntilDeleted(reference);
    return this.send(order);
  }

  private async send(input: CreateChangeSetInput): Promise<string> {
    const { Id: id } = await this.cloudFormation.send(new CreateChangeSetCommand(input));
    if (id === undefined)
      throw new DeliveryError('unexpected', `change set ${input.ChangeSetName} was made without an id`);
    return id;
  }

  private async waitUntilDeleted(reference: ChangeSetReference): Promise<void> {
    await poll({
      label: `change set ${reference.id} of an earlier run to go`,
      ...this.waitContext,
      read: async () => {
        const page = await this.describe(reference, false);
        return page === undefined ? { state: 'done', value: undefined } : { state: 'pending' };
      },
    });
  }

  /** The first page; undefined while there is no such change set. A fresh one may not be seen everywhere yet. */
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
    const changes: Change[] = [];
    let page: DescribeChangeSetCommandOutput | undefined = first;
    while (page !== undefined) {
      changes.push(...(page.Changes ?? []).map((change) => toChange(change, parent)));
      page =
        page.NextToken === undefined ? undefined : await this.readNextPage(reference, includeValues, page.NextToken);
    }
    const nested = changes.map((change) => this.readNestedChanges(change, includeValues));
    return [...changes, ...(await Promise.all(nested)).flat()];
  }

  /** A change set that goes between two pages has no further ones: what was read of it is not all there was. */
  private async readNextPage(
    reference: ChangeSetReference,
    includeValues: boolean,
    token: string,
  ): Promise<DescribeChangeSetCommandOutput> {
    const page = await this.describe(reference, includeValues, token);
    if (page !== undefined) return page;
    throw createGoneError(reference);
  }

  private async readNestedChanges(change: Change, includeValues: boolean): Promise<readonly Change[]> {
    if (change.nestedChangeSetId === undefined) return [];
    const reference = { id: change.nestedChangeSetId };
    const first = await this.describe(reference, includeValues);
    if (first === undefined) {
      throw new DeliveryError('not-found', `the nested change set of ${change.path} cannot be found: run again`);
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
