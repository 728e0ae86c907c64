import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommand,
  type ExecuteChangeSetCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Emulator } from '../reference-emulator.js';

const PENDING = new Set(['CREATE_PENDING', 'CREATE_IN_PROGRESS']);

/** A change set of a stack on one emulator. */
export class ChangeSet {
  constructor(
    private readonly emulator: Emulator,
    private readonly stack: string,
    readonly name: string,
  ) {}

  private get client() {
    return this.emulator.account.cloudformation;
  }

  private get names() {
    return { StackName: this.stack, ChangeSetName: this.name };
  }

  /** Creates the change set and waits until its creation ends. Returns `Status ExecutionStatus`. */
  async create(input: Omit<CreateChangeSetCommandInput, 'StackName' | 'ChangeSetName'>): Promise<string> {
    await this.client.send(new CreateChangeSetCommand({ ...this.names, ...input }));
    for (let step = 0; step < 200; step += 1) {
      const { Status = '', ExecutionStatus = '' } = await this.describe();
      if (!PENDING.has(Status)) return `${Status} ${ExecutionStatus}`;
      await this.emulator.advance();
    }
    throw new Error(`change set ${this.name} is never created`);
  }

  describe(): Promise<DescribeChangeSetCommandOutput> {
    return this.client.send(new DescribeChangeSetCommand(this.names));
  }

  /** `Action LogicalResourceId` of every change, with `(Replacement)` where there is one. */
  async listChanges(): Promise<readonly string[]> {
    const { Changes = [] } = await this.describe();
    return Changes.map(({ ResourceChange: change }) => {
      const replacement = change?.Replacement === undefined ? '' : ` (${change.Replacement})`;
      return `${change?.Action} ${change?.LogicalResourceId}${replacement}`;
    }).sort();
  }

  async execute(input: Omit<ExecuteChangeSetCommandInput, 'StackName' | 'ChangeSetName'> = {}): Promise<void> {
    await this.client.send(new ExecuteChangeSetCommand({ ...this.names, ...input }));
  }

  async delete(): Promise<void> {
    await this.client.send(new DeleteChangeSetCommand(this.names));
  }
}
