import type { Random } from '@aws-delivery/local-aws/random';
import {
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { createClientFactory } from '../../actions/cloudformation-deploy/src/services.js';
import { REGION, renderThings, scenario, TestHarness } from '../../actions/cloudformation-deploy/test/harness.js';
import { pickRandom } from './fault-schedule.js';

type Inputs = Readonly<Record<string, string>>;

/** What is done, on what earlier runs have left. */
export interface DeployScenario {
  readonly before: readonly Inputs[];
  readonly inputs: Inputs;
}

/** What is true of the stack in the end. */
export interface FinalState {
  /** Complete, with the resource `New` in it: the story has succeeded. */
  readonly hasSucceeded: boolean;
  readonly status: string;
  /** Whether one token has started more than one operation. */
  readonly hasDuplicateOperation: boolean;
  /** Change sets that nobody executed. */
  readonly orphanedChangeSets: readonly string[];
}

const SUCCESS_STATUSES = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** A stack that stories happen to. What takes time takes little of it: the fewer polls, the more of each run counts. */
export class ScenarioFixture {
  private readonly deployScenarios: readonly DeployScenario[];

  private constructor(readonly harness: TestHarness) {
    const writeTemplate = (name: string, modes: Parameters<typeof renderThings>[0]) => ({
      template: harness.write(`${name}.json`, renderThings(modes)),
    });
    const base = writeTemplate('base', { A: 'good' });
    const otherTemplate = writeTemplate('other', { A: 'other' });
    const next = writeTemplate('next', { A: 'better', New: 'good' });
    const broken = writeTemplate('broken', { A: 'better', New: 'bad' });
    const flaky = writeTemplate('flaky', { A: 'better', New: 'flaky' });
    this.deployScenarios = [
      { before: [], inputs: next },
      { before: [], inputs: broken },
      { before: [base], inputs: next },
      { before: [base], inputs: broken },
      // The stack comes back to the status it has had: only what is newer may count.
      { before: [base, otherTemplate], inputs: next },
      { before: [base, broken], inputs: next },
      { before: [base, broken], inputs: broken },
      { before: [base], inputs: { ...flaky, 'retry-attempts': '3' } },
      { before: [base], inputs: { ...broken, 'retry-attempts': '2' } },
      { before: [{ ...broken, 'on-failure': 'preserve' }], inputs: { ...next, 'on-failure': 'preserve' } },
      { before: [broken], inputs: next },
    ];
  }

  static async create(): Promise<ScenarioFixture> {
    const durations = { create: '2s', update: '2s', delete: '1s', changeSet: '1s' };
    const rules = (scenario.cloudformation?.rules ?? []).map((rule) => ({
      ...rule,
      ...(rule.fail?.after === '2s' ? { fail: { ...rule.fail, after: '1s' } } : {}),
    }));
    return new ScenarioFixture(await TestHarness.open({ ...scenario, cloudformation: { durations, rules } }));
  }

  /** Sets the scene of any of the stories. */
  async setUp(random: Random): Promise<DeployScenario> {
    this.harness.aws.reset();
    const deployScenario = pickRandom(random, this.deployScenarios);
    for (const inputs of deployScenario.before) await this.harness.deploy(inputs, { random: () => random.number() });
    return deployScenario;
  }

  async readStatus(): Promise<string> {
    return (await this.findStack())?.StackStatus ?? 'none';
  }

  /** What is true when everything has come to its end, read without faults. */
  async readFinalState(): Promise<FinalState> {
    this.harness.aws.setFaults([]);
    await this.harness.wait(120);
    const stack = await this.findStack();
    if (stack === undefined)
      return { hasSucceeded: false, status: 'none', hasDuplicateOperation: false, orphanedChangeSets: [] };
    const { StackId: StackName, StackStatus: status = '', Outputs: outputs = [] } = stack;
    const { Summaries: changeSets = [] } = await this.createClient().send(new ListChangeSetsCommand({ StackName }));
    return {
      status,
      hasSucceeded: SUCCESS_STATUSES.includes(status) && outputs.some(({ OutputKey }) => OutputKey === 'NewName'),
      hasDuplicateOperation: await this.hasDuplicateToken(StackName),
      orphanedChangeSets: changeSets.flatMap(({ ChangeSetName }) => ChangeSetName ?? []),
    };
  }

  private async hasDuplicateToken(StackName: string | undefined): Promise<boolean> {
    const { StackEvents: events = [] } = await this.createClient().send(new DescribeStackEventsCommand({ StackName }));
    const tokens = events
      .filter(
        ({ PhysicalResourceId: id, ResourceStatusReason: reason }) => id === StackName && reason === 'User Initiated',
      )
      .map(({ ClientRequestToken: token }) => token);
    return new Set(tokens).size !== tokens.length;
  }

  private async findStack() {
    const found = await this.createClient()
      .send(new DescribeStacksCommand({ StackName: 'shop' }))
      .catch(() => undefined);
    return found?.Stacks?.[0];
  }

  private createClient() {
    return createClientFactory(this.harness.createHost({}), this.harness.overrideConfig)(REGION);
  }
}
