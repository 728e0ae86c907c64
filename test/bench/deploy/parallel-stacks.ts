import { createJob, getActionDirectory, startAccount, writeTemplate } from '../account.js';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import type { Budget } from '../budget.js';

const STACK_COUNT = 20;
const BUDGET: Budget = { kind: 'max-share', limit: 1.3 };

/** Deploys stacks in one step; returns its duration in seconds. */
const deployStacks = async (context: BenchmarkContext, names: readonly string[]): Promise<number> => {
  const aws = await startAccount({ create: '15s', changeSet: '1s' });
  const stacks = JSON.stringify(names.map((name) => ({ name, template: 'stack.json' })));
  await using job = createJob(aws, context);
  const start = performance.now();
  const { log } = await job.run({ action: getActionDirectory(context, 'cloudformation-deploy'), inputs: { stacks } });
  const duration = (performance.now() - start) / 1000;
  await job.finish();
  await aws.close();
  if (job.status !== 'success') throw new Error(`the deploy failed:\n${log.join('\n')}`);
  return duration;
};

/** Independent stacks in one step, compared with one of them. */
export const parallelStacks: Benchmark = {
  name: 'deploy-stacks',
  measure: async (context) => {
    writeTemplate(context, 'stack.json', { A: { Type: 'Bench::Thing', Properties: { Mode: 'good' } } });
    context.log(`1 stack, then ${STACK_COUNT}`);
    const alone = await deployStacks(context, ['alone']);
    const value = await deployStacks(
      context,
      Array.from({ length: STACK_COUNT }, (_, index) => `stack-${index}`),
    );
    const label = `${STACK_COUNT} independent stacks in one step`;
    const reference = { name: 'one of them alone', value: alone };
    return [{ label, unit: 's', value, reference, budget: BUDGET }];
  },
};
