import { startAccount } from '../account.js';
import { type Benchmark, computeMedian, type Figure } from '../benchmark.js';
import type { Budget } from '../budget.js';
import {
  DEPLOY_KINDS,
  type DeployKind,
  type DeployStack,
  deployByAction,
  deployByCli,
  writeTemplates,
} from './deploy.js';

const BUDGET: Budget = { kind: 'no-increase' };
const ROUNDS = 7;

/** Durations of the rounds in seconds. */
type Times = Readonly<Record<DeployKind, number[]>>;

interface Contender {
  readonly name: string;
  readonly deploy: DeployStack;
  readonly times: Times;
}

const createContender = (name: string, deploy: DeployStack): Contender => ({
  name,
  deploy,
  times: { 'a new stack': [], 'a change': [], 'no change': [] },
});

const measureAlternating = async (
  contenders: readonly Contender[],
  templates: Readonly<Record<DeployKind, string>>,
): Promise<void> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of DEPLOY_KINDS) {
      for (const { name, deploy, times } of contenders) {
        const since = performance.now();
        await deploy(`${name}-${round}`, templates[kind]);
        times[kind].push((performance.now() - since) / 1000);
      }
    }
  }
};

const buildFigure = (kind: DeployKind, action: Contender, cli: Contender): Figure => ({
  label: `a deploy of ${kind}, ready at once, main and post`,
  unit: 's',
  value: computeMedian(action.times[kind]),
  reference: { name: '`aws cloudformation deploy`', value: computeMedian(cli.times[kind]) },
  budget: BUDGET,
});

/** The action compared with the AWS CLI, on a CloudFormation that takes no time. Runs alternate. */
export const deployComparison: Benchmark = {
  name: 'deploy-race',
  measure: async (context) => {
    const { awsCli, log } = context;
    if (awsCli === undefined) return [{ label: 'a deploy beside `aws cloudformation deploy`', reason: 'no AWS CLI' }];
    const aws = await startAccount({ create: 0, update: 0, changeSet: 0 });
    const action = createContender('ours', deployByAction(context, aws));
    const cli = createContender('theirs', deployByCli(awsCli, context, aws));
    log(`${ROUNDS} rounds beside the AWS CLI`);
    await measureAlternating([action, cli], writeTemplates(context));
    await aws.close();
    return DEPLOY_KINDS.map((kind) => buildFigure(kind, action, cli));
  },
};
