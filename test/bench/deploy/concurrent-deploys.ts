import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { createCloudFormationClient, createJob, getActionDirectory, startAccount, writeTemplate } from '../account.js';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import type { Budget } from '../budget.js';

const DEPLOY_COUNT = 50;
/** Every so many deployments, one has a template that fails. */
const FAILURE_INTERVAL = 5;
const BUDGET: Budget = { kind: 'min', limit: DEPLOY_COUNT };
const THROTTLING = { fault: 'throttle', operation: 'DescribeStacks', above: 5 } as const;

const getStackStatus = async (aws: LocalAws, stack: string): Promise<string | undefined> => {
  const client = createCloudFormationClient(aws);
  const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  client.destroy();
  return found?.StackStatus;
};

/** Deploys a stack and checks that the step reports the outcome of its template; logs the step's last lines if not. */
const createDeployCheck = (context: BenchmarkContext, aws: LocalAws) => async (stack: string, isGood: boolean) => {
  await using job = createJob(aws, context);
  const inputs = { name: stack, template: isGood ? 'good.json' : 'bad.json' };
  const { conclusion, log, outputs } = await job.run({
    action: getActionDirectory(context, 'cloudformation-deploy'),
    inputs,
  });
  const hasExpectedResult = isGood
    ? conclusion === 'success' && outputs['stack-status'] === 'CREATE_COMPLETE'
    : conclusion === 'failure' && log.join('\n').includes('bad is not good');
  if (!hasExpectedResult) context.log(`${stack} was to ${isGood ? 'pass' : 'fail'}:\n${log.slice(-10).join('\n')}`);
  return { stack, isGood, hasExpectedResult };
};

/** Fifty concurrent processes in an account with a limit of five DescribeStacks calls a second. */
export const concurrentDeploys: Benchmark = {
  name: 'deploy-crowd',
  measure: async (context) => {
    writeTemplate(context, 'good.json', { A: { Type: 'Bench::Thing', Properties: { Mode: 'good' } } });
    writeTemplate(context, 'bad.json', { A: { Type: 'Bench::Thing', Properties: { Mode: 'bad' } } });
    const aws = await startAccount({ create: '4s', changeSet: '1s' }, { faults: [THROTTLING] });
    context.log(`${DEPLOY_COUNT} deploys at once`);
    const deployAndCheck = createDeployCheck(context, aws);
    const results = await Promise.all(
      Array.from({ length: DEPLOY_COUNT }, (_, index) =>
        deployAndCheck(`crowd-${index}`, index % FAILURE_INTERVAL !== 0),
      ),
    );
    const throttled = aws.calls().filter(({ verdict }) => verdict === 'disturbed').length;
    if (throttled === 0) throw new Error('nobody was throttled: the limit was no limit');
    aws.setFaults([]);
    const matches = await Promise.all(
      results.map(async ({ stack, isGood, hasExpectedResult }) => {
        const status = await getStackStatus(aws, stack);
        return hasExpectedResult && status === (isGood ? 'CREATE_COMPLETE' : 'ROLLBACK_COMPLETE');
      }),
    );
    await aws.close();
    const label = `of ${DEPLOY_COUNT} deploys at once, DescribeStacks limited to 5/s (${throttled} answers throttled): end right`;
    return [{ label, unit: 'deploys', value: matches.filter(Boolean).length, budget: BUDGET }];
  },
};
