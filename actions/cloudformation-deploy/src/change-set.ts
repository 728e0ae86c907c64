import { DeliveryError } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { type Change, changeOf } from './change.js';
import type { CloudFormation } from './cloudformation.js';
import { refusalOf } from './refusal.js';
import type { Waiting } from './waiting.js';

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
  readonly hasNested: boolean;
  /** Whether CloudFormation deletes the stack when its creation fails. */
  readonly deletesOnFailure: boolean;
}

export type ChangeSetOrder = CreateChangeSetCommandInput & {
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
const EMPTY = /^The submitted information didn't contain changes\.|No updates are to be performed/u;
const NESTED_FAILURE = /Nested change set (arn:\S+) was not successful/u;

const request = ({ id, stackName }: ChangeSetReference) => ({ ChangeSetName: id, StackName: stackName });

const goneError = ({ id }: ChangeSetReference): DeliveryError => {
  const rule = 'does not exist: it was executed, deleted, or replaced when another one was executed';
  return new DeliveryError('not-found', `change set ${id} ${rule}; make a new one with mode create-only`);
};

/** Was a change set, or one of its nested ones, taken away while it was made or read? */
export const isGone = (error: unknown): boolean =>
  error instanceof DeliveryError && error.code === 'not-found' && error.cause === undefined;

/** For how long a change set may not be seen, fresh or by a read out of date, before it counts as gone. */
const UNSEEN = 15_000;

/** Change sets of one CloudFormation, and how long to wait for them. */
export class ChangeSets {
  constructor(
    private readonly cloudFormation: CloudFormation,
    private readonly waiting: Waiting,
  ) {}

  /**
   * Creates a change set and waits until it is there. One of the same name and description is this run's own, from a
   * call whose answer was lost; one of the same name and another description is an earlier run's, and is replaced.
   */
  async create(order: ChangeSetOrder, wantValues: boolean): Promise<ChangeSet> {
    const id = await this.order(order);
    return this.settle({ id, stackName: order.StackName }, wantValues);
  }

  /** A change set that must exist already. Throws DeliveryError `not-found`. */
  async load(reference: ChangeSetReference, wantValues: boolean): Promise<ChangeSet> {
    const found = await this.describe(reference, wantValues);
    if (found !== undefined) return this.settle(reference, wantValues);
    throw goneError(reference);
  }

  /**
   * Waits until a change set can be executed, is empty or has failed, and reads its changes. Throws DeliveryError
   * `not-found` when it goes meanwhile.
   */
  async settle(reference: ChangeSetReference, wantValues: boolean): Promise<ChangeSet> {
    const first = await this.settled(reference, wantValues);
    const changes = await this.changesFrom(first, reference, wantValues, '');
    return {
      id: first.ChangeSetId ?? reference.id,
      name: first.ChangeSetName ?? reference.id,
      stackId: first.StackId ?? '',
      ...(await this.stateOf(first)),
      changes,
      status: first.Status ?? '',
      executionStatus: first.ExecutionStatus ?? '',
      createdAt: first.CreationTime?.getTime(),
      hasNested: first.IncludeNestedStacks ?? false,
      deletesOnFailure: first.OnStackFailure === 'DELETE',
    };
  }

  private settled(reference: ChangeSetReference, wantValues: boolean): Promise<DescribeChangeSetCommandOutput> {
    const { clock } = this.waiting;
    let seenAt = clock.now();
    return poll({
      what: `change set ${reference.id}`,
      ...this.waiting,
      pace: { first: 500, ceiling: 3000, factor: 1.2 },
      read: async () => {
        const page = await this.describe(reference, wantValues);
        if (page !== undefined) seenAt = clock.now();
        const isGone = page?.Status?.startsWith('DELETE_') ?? clock.now() - seenAt > UNSEEN;
        if (isGone) throw goneError(reference);
        const done = page !== undefined && ['CREATE_COMPLETE', 'FAILED'].includes(page.Status ?? '');
        return done ? { state: 'done', value: page } : { state: 'pending' };
      },
    });
  }

  /** Deletes a change set, as soon as it is made; one that is gone is as good as deleted. */
  async delete(reference: ChangeSetReference): Promise<void> {
    await poll({
      what: `change set ${reference.id} to be deleted`,
      ...this.waiting,
      pace: { first: 500, ceiling: 3000 },
      read: async () =>
        (await this.isDeleted(reference)) ? { state: 'done', value: undefined } : { state: 'pending' },
    });
  }

  /** False where it cannot be deleted yet, because it is still being made. */
  private async isDeleted(reference: ChangeSetReference): Promise<boolean> {
    try {
      await this.cloudFormation.send(new DeleteChangeSetCommand(request(reference)));
    } catch (error) {
      const refusal = refusalOf(error) ?? '';
      if (refusal === 'change-set-state') return false;
      if (!['no-change-set', 'no-stack'].includes(refusal)) throw error;
    }
    return true;
  }

  private async order(order: ChangeSetOrder): Promise<string> {
    try {
      return await this.send(order);
    } catch (error) {
      if (!['name-taken', 'token-used'].includes(refusalOf(error) ?? '')) throw error;
    }
    const reference = { id: order.ChangeSetName, stackName: order.StackName };
    const existing = await this.cloudFormation.send(new DescribeChangeSetCommand(request(reference)));
    if (existing.Description === order.Description) return existing.ChangeSetId ?? order.ChangeSetName;
    await this.delete(reference);
    await this.untilGone(reference);
    return this.send(order);
  }

  private async send(order: ChangeSetOrder): Promise<string> {
    const { Id: id } = await this.cloudFormation.send(new CreateChangeSetCommand(order));
    if (id === undefined)
      throw new DeliveryError('unexpected', `change set ${order.ChangeSetName} was made without an id`);
    return id;
  }

  private async untilGone(reference: ChangeSetReference): Promise<void> {
    await poll({
      what: `change set ${reference.id} of an earlier run to go`,
      ...this.waiting,
      read: async () => {
        const page = await this.describe(reference, false);
        return page === undefined ? { state: 'done', value: undefined } : { state: 'pending' };
      },
    });
  }

  /** The first page; undefined while there is no such change set. A fresh one may not be seen everywhere yet. */
  private async describe(
    reference: ChangeSetReference,
    wantValues: boolean,
    NextToken?: string,
  ): Promise<DescribeChangeSetCommandOutput | undefined> {
    try {
      return await this.cloudFormation.send(
        new DescribeChangeSetCommand({ ...request(reference), NextToken, IncludePropertyValues: wantValues }),
      );
    } catch (error) {
      if (['no-change-set', 'no-stack'].includes(refusalOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  private async changesFrom(
    first: DescribeChangeSetCommandOutput,
    reference: ChangeSetReference,
    wantValues: boolean,
    parent: string,
  ): Promise<readonly Change[]> {
    const changes: Change[] = [];
    let page: DescribeChangeSetCommandOutput | undefined = first;
    while (page !== undefined) {
      changes.push(...(page.Changes ?? []).map((change) => changeOf(change, parent)));
      page = page.NextToken === undefined ? undefined : await this.nextPage(reference, wantValues, page.NextToken);
    }
    const nested = changes.map((change) => this.nestedChanges(change, wantValues));
    return [...changes, ...(await Promise.all(nested)).flat()];
  }

  /** A change set that goes between two pages has no further ones: what was read of it is not all there was. */
  private async nextPage(
    reference: ChangeSetReference,
    wantValues: boolean,
    token: string,
  ): Promise<DescribeChangeSetCommandOutput> {
    const page = await this.describe(reference, wantValues, token);
    if (page !== undefined) return page;
    throw goneError(reference);
  }

  private async nestedChanges(change: Change, wantValues: boolean): Promise<readonly Change[]> {
    if (change.nestedChangeSetId === undefined) return [];
    const reference = { id: change.nestedChangeSetId };
    const first = await this.describe(reference, wantValues);
    if (first === undefined) {
      throw new DeliveryError('not-found', `the nested change set of ${change.path} cannot be found: run again`);
    }
    return this.changesFrom(first, reference, wantValues, `${change.path}.`);
  }

  private async stateOf(page: DescribeChangeSetCommandOutput): Promise<Pick<ChangeSet, 'state' | 'reason'>> {
    const reason = page.StatusReason ?? '';
    if (page.Status === 'CREATE_COMPLETE') return { state: 'ready', reason };
    const [, nestedId] = NESTED_FAILURE.exec(reason) ?? [];
    const nested = nestedId === undefined ? undefined : await this.describe({ id: nestedId }, false);
    if (nested !== undefined) return { state: 'failed', reason: (await this.stateOf(nested)).reason };
    return { state: EMPTY.test(reason) ? 'empty' : 'failed', reason };
  }
}
