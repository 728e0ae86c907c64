import type { Random } from '@aws-delivery/local-aws/random';
import {
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { connectTo } from '../../actions/cloudformation-deploy/src/services.js';
import { REGION, Stage, scenario, things } from '../../actions/cloudformation-deploy/test/stage.js';
import { pick } from './schedule.js';

type Inputs = Readonly<Record<string, string>>;

/** What is done, on what earlier runs have left. */
export interface Story {
  readonly before: readonly Inputs[];
  readonly inputs: Inputs;
}

/** What is true of the stack in the end. */
export interface Truth {
  /** Complete, with the resource `New` in it: the story has succeeded. */
  readonly isThere: boolean;
  readonly status: string;
  /** Whether one token has started more than one operation. */
  readonly isTwice: boolean;
  /** Change sets that nobody executed. */
  readonly leftovers: readonly string[];
}

const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** A stack that stories happen to. What takes time takes little of it: the fewer polls, the more of each run counts. */
export class Theatre {
  private readonly stories: readonly Story[];

  private constructor(readonly stage: Stage) {
    const template = (name: string, modes: Parameters<typeof things>[0]) => ({
      template: stage.write(`${name}.json`, things(modes)),
    });
    const base = template('base', { A: 'good' });
    const other = template('other', { A: 'other' });
    const next = template('next', { A: 'better', New: 'good' });
    const broken = template('broken', { A: 'better', New: 'bad' });
    const flaky = template('flaky', { A: 'better', New: 'flaky' });
    this.stories = [
      { before: [], inputs: next },
      { before: [], inputs: broken },
      { before: [base], inputs: next },
      { before: [base], inputs: broken },
      // The stack comes back to the status it has had: only what is newer may count.
      { before: [base, other], inputs: next },
      { before: [base, broken], inputs: next },
      { before: [base, broken], inputs: broken },
      { before: [base], inputs: { ...flaky, 'retry-attempts': '3' } },
      { before: [base], inputs: { ...broken, 'retry-attempts': '2' } },
      { before: [{ ...broken, 'on-failure': 'preserve' }], inputs: { ...next, 'on-failure': 'preserve' } },
      { before: [broken], inputs: next },
    ];
  }

  static async open(): Promise<Theatre> {
    const durations = { create: '2s', update: '2s', delete: '1s', changeSet: '1s' };
    const rules = (scenario.cloudformation?.rules ?? []).map((rule) => ({
      ...rule,
      ...(rule.fail?.after === '2s' ? { fail: { ...rule.fail, after: '1s' } } : {}),
    }));
    return new Theatre(await Stage.open({ ...scenario, cloudformation: { durations, rules } }));
  }

  /** Sets the scene of any of the stories. */
  async prepare(random: Random): Promise<Story> {
    this.stage.aws.reset();
    const story = pick(random, this.stories);
    for (const inputs of story.before) await this.stage.deploy(inputs, { random: () => random.number() });
    return story;
  }

  async status(): Promise<string> {
    return (await this.find())?.StackStatus ?? 'none';
  }

  /** What is true when everything has come to its end, read without faults. */
  async truth(): Promise<Truth> {
    this.stage.aws.setFaults([]);
    await this.stage.wait(120);
    const stack = await this.find();
    if (stack === undefined) return { isThere: false, status: 'none', isTwice: false, leftovers: [] };
    const { StackId: StackName, StackStatus: status = '', Outputs: outputs = [] } = stack;
    const { Summaries: sets = [] } = await this.client().send(new ListChangeSetsCommand({ StackName }));
    return {
      status,
      isThere: GOOD.includes(status) && outputs.some(({ OutputKey }) => OutputKey === 'NewName'),
      isTwice: await this.hasDouble(StackName),
      leftovers: sets.flatMap(({ ChangeSetName }) => ChangeSetName ?? []),
    };
  }

  private async hasDouble(StackName: string | undefined): Promise<boolean> {
    const { StackEvents: events = [] } = await this.client().send(new DescribeStackEventsCommand({ StackName }));
    const tokens = events
      .filter(
        ({ PhysicalResourceId: id, ResourceStatusReason: reason }) => id === StackName && reason === 'User Initiated',
      )
      .map(({ ClientRequestToken: token }) => token);
    return new Set(tokens).size !== tokens.length;
  }

  private async find() {
    const found = await this.client()
      .send(new DescribeStacksCommand({ StackName: 'shop' }))
      .catch(() => undefined);
    return found?.Stacks?.[0];
  }

  private client() {
    return connectTo(this.stage.host({}), this.stage.tune)(REGION);
  }
}
