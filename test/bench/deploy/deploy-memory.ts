import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import { runMeasured } from '../../bundle/measured-run.js';
import { createCloudFormationClient, createJob, getActionDirectory, startAccount, writeTemplate } from '../account.js';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import type { Budget } from '../budget.js';

const BUDGET: Budget = { kind: 'max', limit: 150 };
const RESOURCE_COUNT = 500;
const STACK_NAME = 'large';
/** The stack must have at least so many events at the end, otherwise the measurement is invalid. */
const MIN_EVENT_COUNT = 5000;
/** A creation, two updates, and an update whose last resource fails, so that all others are rolled back. */
const MODES = ['first', 'second', 'third', 'bad'];

const writeModeTemplate = (context: BenchmarkContext, mode: string): string => {
  const names = Array.from({ length: RESOURCE_COUNT - 1 }, (_, index) => `T${index}`);
  const buildResource = (Mode: string) => ({ Type: 'Bench::Thing', Properties: { Mode } });
  const others = Object.fromEntries(names.map((name) => [name, buildResource(mode === 'bad' ? 'fourth' : mode)]));
  return writeTemplate(context, `${mode}.json`, { ...others, Last: { ...buildResource(mode), DependsOn: names } });
};

const countEvents = async (aws: LocalAws): Promise<number> => {
  const client = createCloudFormationClient(aws);
  let count = 0;
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: STACK_NAME })) {
    count += page.StackEvents?.length ?? 0;
  }
  client.destroy();
  return count;
};

/** The peak memory of a deployment's process, in MB. */
const measureDeploy = async (context: BenchmarkContext, aws: LocalAws, mode: string): Promise<number> => {
  context.log(`${RESOURCE_COUNT} resources: the ${mode} template`);
  await using job = createJob(aws, context);
  const inputs = { name: STACK_NAME, template: writeModeTemplate(context, mode) };
  const request = { action: getActionDirectory(context, 'cloudformation-deploy'), inputs };
  const { result, megabytes } = await runMeasured(job, request);
  const expected = mode === 'bad' ? 'failure' : 'success';
  if (result.conclusion !== expected)
    throw new Error(`${mode} ended in ${result.conclusion}: ${result.log.join('\n')}`);
  return megabytes;
};

/** Peak memory of the action for a large stack with many events. */
export const deployMemory: Benchmark = {
  name: 'deploy-memory',
  measure: async (context) => {
    const aws = await startAccount({ create: '1s', update: '1s', changeSet: '1s' });
    const sizes: number[] = [];
    for (const mode of MODES) sizes.push(await measureDeploy(context, aws, mode));
    const count = await countEvents(aws);
    await aws.close();
    if (count < MIN_EVENT_COUNT) throw new Error(`the stack has had ${count} events: ${MIN_EVENT_COUNT} are needed`);
    const label = `deploys of a stack of ${RESOURCE_COUNT} resources and ${count} events: largest process`;
    return [{ label, unit: 'MB', value: Math.max(...sizes), budget: BUDGET }];
  },
};
