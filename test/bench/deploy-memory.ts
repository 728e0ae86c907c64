import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import { runMeasured } from '../bundle/measured-run.js';
import { actionFolder, onlooker, openAccount, openJob, writeTemplate } from './account.js';
import type { Bar } from './bar.js';
import type { Bench, Ground } from './bench.js';

const bar: Bar = { kind: 'most', limit: 150 };
const resources = 500;
const stack = 'large';
/** The events that the stack has to have had in the end, else this has measured something smaller. */
const events = 5000;
/** A creation, two updates, and one that fails when all but the last is done and goes all the way back. */
const story = ['first', 'second', 'third', 'bad'];

const templateOf = (ground: Ground, mode: string): string => {
  const names = Array.from({ length: resources - 1 }, (_, index) => `T${index}`);
  const thing = (Mode: string) => ({ Type: 'Bench::Thing', Properties: { Mode } });
  const others = Object.fromEntries(names.map((name) => [name, thing(mode === 'bad' ? 'fourth' : mode)]));
  return writeTemplate(ground, `${mode}.json`, { ...others, Last: { ...thing(mode), DependsOn: names } });
};

const countEvents = async (aws: LocalAws): Promise<number> => {
  const client = onlooker(aws);
  let count = 0;
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: stack })) {
    count += page.StackEvents?.length ?? 0;
  }
  client.destroy();
  return count;
};

/** The largest size of a deploy's process, in MB. */
const sizeOfDeploy = async (ground: Ground, aws: LocalAws, mode: string): Promise<number> => {
  ground.say(`${resources} resources: the ${mode} template`);
  await using job = openJob(aws, ground);
  const inputs = { name: stack, template: templateOf(ground, mode) };
  const request = { action: actionFolder(ground, 'cloudformation-deploy'), inputs };
  const { result, megabytes } = await runMeasured(job, request);
  const expected = mode === 'bad' ? 'failure' : 'success';
  if (result.conclusion !== expected)
    throw new Error(`${mode} ended in ${result.conclusion}: ${result.log.join('\n')}`);
  return megabytes;
};

/** The largest size of the action's process over a large stack with a long history. */
export const deployMemory: Bench = {
  name: 'deploy-memory',
  measure: async (ground) => {
    const aws = await openAccount({ create: '1s', update: '1s', changeSet: '1s' });
    const sizes: number[] = [];
    for (const mode of story) sizes.push(await sizeOfDeploy(ground, aws, mode));
    const count = await countEvents(aws);
    await aws.close();
    if (count < events) throw new Error(`the stack has had ${count} events: ${events} are needed`);
    const what = `deploys of a stack of ${resources} resources and ${count} events: largest process`;
    return [{ what, unit: 'MB', ours: Math.max(...sizes), bar }];
  },
};
