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

/** The inputs of a run, and those of the runs before it. */
export interface DeployScenario {
  readonly before: readonly Inputs[];
  readonly inputs: Inputs;
}

/** The state of the stack after all operations. */
export interface FinalState {
  /** Complete, with the resource `New`. */
  readonly hasSucceeded: boolean;
  readonly status: string;
  /** Whether one token has started more than one operation. */
  readonly hasDuplicateOperation: boolean;
  /** Change sets that were not executed. */
  readonly orphanedChangeSets: readonly string[];
}

const SUCCESS_STATUSES = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** One stack and its scenarios. Durations are short: with fewer polls, faults hit more of the other calls. */
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
      // The stack returns to a status it had before: only newer events may count.
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

  /** Picks a scenario and runs what comes before it. */
  async setUp(random: Random): Promise<DeployScenario> {
    this.harness.aws.reset();
    const deployScenario = pickRandom(random, this.deployScenarios);
    for (const inputs of deployScenario.before) await this.harness.deploy(inputs, { random: () => random.number() });
    return deployScenario;
  }

  async readStatus(): Promise<string> {
    return (await this.findStack())?.StackStatus ?? 'none';
  }

  /** Waits until all operations ended and reads the state without faults. */
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
