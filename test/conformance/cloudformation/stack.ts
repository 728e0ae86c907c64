import {
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  type DeleteStackCommandInput,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
  type Parameter,
  type Stack as StackDescription,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Emulator } from '../reference-emulator.js';

export interface StackEventRow {
  readonly id: string;
  readonly status: string;
  /** Empty for no reason: MiniStack sends empty elements where AWS omits them. */
  readonly reason: string;
  readonly physicalId: string;
  readonly token: string;
}

/** Parameters as the API takes them; `undefined` keeps the previous value. */
export const buildParameters = (values: Readonly<Record<string, string | undefined>>): Parameter[] =>
  Object.entries(values).map(([ParameterKey, value]) =>
    value === undefined ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue: value },
  );

const removeRepetitions = (statuses: readonly string[]): readonly string[] =>
  statuses.filter((status, index) => status !== statuses[index - 1]);

/** A stack on one emulator: operations on it, and what the API returns about it. */
export class Stack {
  constructor(
    private readonly emulator: Pick<Emulator, 'account' | 'advance'>,
    /** Name or id. */
    readonly name: string,
  ) {}

  private get client() {
    return this.emulator.account.cloudformation;
  }

  async create(input: Omit<CreateStackCommandInput, 'StackName'>): Promise<string> {
    const { StackId } = await this.client.send(new CreateStackCommand({ ...input, StackName: this.name }));
    return StackId ?? '';
  }

  async update(input: Omit<UpdateStackCommandInput, 'StackName'>): Promise<string> {
    const { StackId } = await this.client.send(new UpdateStackCommand({ ...input, StackName: this.name }));
    return StackId ?? '';
  }

  async delete(input: Omit<DeleteStackCommandInput, 'StackName'> = {}): Promise<void> {
    await this.client.send(new DeleteStackCommand({ ...input, StackName: this.name }));
  }

  async describe(): Promise<StackDescription> {
    const { Stacks: [stack] = [] } = await this.client.send(new DescribeStacksCommand({ StackName: this.name }));
    if (stack === undefined) throw new Error(`no stack ${this.name} was described`);
    return stack;
  }

  async getStatus(): Promise<string> {
    return (await this.describe()).StackStatus ?? '';
  }

  /** Advances time until the stack's status matches. Throws Error after 400 steps. */
  async waitForStatus(matches: (status: string) => boolean): Promise<string> {
    for (let step = 0; step < 400; step += 1) {
      const status = await this.getStatus();
      if (matches(status)) return status;
      await this.emulator.advance();
    }
    throw new Error(`${this.name} stays ${await this.getStatus()}`);
  }

  /** Advances time until no operation is in progress; returns the status. */
  waitForTerminal(): Promise<string> {
    return this.waitForStatus((status) => !status.endsWith('_IN_PROGRESS'));
  }

  /** All events, oldest first. */
  async listEvents(): Promise<readonly StackEventRow[]> {
    const rows: StackEventRow[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(new DescribeStackEventsCommand({ StackName: this.name, NextToken }));
      for (const event of page.StackEvents ?? []) {
        rows.push({
          id: event.LogicalResourceId ?? '',
          status: event.ResourceStatus ?? '',
          reason: event.ResourceStatusReason ?? '',
          physicalId: event.PhysicalResourceId ?? '',
          token: event.ClientRequestToken ?? '',
        });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return rows.reverse();
  }

  /** The statuses of a resource in the order of its events, repetitions removed; the stack's own id is its name. */
  async listStatuses(id: string): Promise<readonly string[]> {
    return removeRepetitions((await this.listEvents()).filter((event) => event.id === id).map(({ status }) => status));
  }

  async findReason(id: string, status: string): Promise<string | undefined> {
    return (await this.listEvents()).findLast((event) => event.id === id && event.status === status)?.reason;
  }

  /** Resource statuses by logical id. */
  async getResourceStatuses(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.describeResources();
    return Object.fromEntries(rows.map((row) => [row.LogicalResourceId ?? '', row.ResourceStatus ?? '']));
  }

  async getPhysicalIds(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.describeResources();
    return Object.fromEntries(rows.map((row) => [row.LogicalResourceId ?? '', row.PhysicalResourceId ?? '']));
  }

  async getOutputs(): Promise<Readonly<Record<string, string>>> {
    const { Outputs: outputs = [] } = await this.describe();
    return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  }

  async getParameters(): Promise<Readonly<Record<string, string>>> {
    const { Parameters: all = [] } = await this.describe();
    return Object.fromEntries(all.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]));
  }

  async listChangeSets(): Promise<readonly string[]> {
    const { Summaries = [] } = await this.client.send(new ListChangeSetsCommand({ StackName: this.name }));
    return Summaries.map(({ ChangeSetName = '' }) => ChangeSetName);
  }

  private async describeResources() {
    const { StackResources = [] } = await this.client.send(new DescribeStackResourcesCommand({ StackName: this.name }));
    return StackResources;
  }
}
