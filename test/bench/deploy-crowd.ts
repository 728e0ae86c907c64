import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { actionFolder, onlooker, openAccount, openJob, writeTemplate } from './account.js';
import type { Bar } from './bar.js';
import type { Bench, Ground } from './bench.js';

const size = 50;
/** Of so many, one is made to fail. */
const failing = 5;
const bar: Bar = { kind: 'least', limit: size };
const limit = { fault: 'throttle', operation: 'DescribeStacks', above: 5 } as const;

const statusOf = async (aws: LocalAws, stack: string): Promise<string | undefined> => {
  const client = onlooker(aws);
  const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  client.destroy();
  return found?.StackStatus;
};

/** Whether the deploy says what became of its stack, which is what its template has earned; its log is said if not. */
const endsRight = (ground: Ground, aws: LocalAws) => async (stack: string, isGood: boolean) => {
  await using job = openJob(aws, ground);
  const inputs = { name: stack, template: isGood ? 'good.json' : 'bad.json' };
  const { conclusion, log, outputs } = await job.run({ action: actionFolder(ground, 'cloudformation-deploy'), inputs });
  const isRight = isGood
    ? conclusion === 'success' && outputs['stack-status'] === 'CREATE_COMPLETE'
    : conclusion === 'failure' && log.join('\n').includes('bad is not good');
  if (!isRight) ground.say(`${stack} was to ${isGood ? 'pass' : 'fail'}:\n${log.slice(-10).join('\n')}`);
  return { stack, isGood, isRight };
};

/** Fifty processes at once in an account where everybody together may call DescribeStacks five times a second. */
export const deployCrowd: Bench = {
  name: 'deploy-crowd',
  measure: async (ground) => {
    writeTemplate(ground, 'good.json', { A: { Type: 'Bench::Thing', Properties: { Mode: 'good' } } });
    writeTemplate(ground, 'bad.json', { A: { Type: 'Bench::Thing', Properties: { Mode: 'bad' } } });
    const aws = await openAccount({ create: '4s', changeSet: '1s' }, { faults: [limit] });
    ground.say(`${size} deploys at once`);
    const deploy = endsRight(ground, aws);
    const ends = await Promise.all(
      Array.from({ length: size }, (_, index) => deploy(`crowd-${index}`, index % failing !== 0)),
    );
    const throttled = aws.calls().filter(({ verdict }) => verdict === 'disturbed').length;
    if (throttled === 0) throw new Error('nobody was throttled: the limit was no limit');
    aws.setFaults([]);
    const truths = await Promise.all(
      ends.map(async ({ stack, isGood, isRight }) => {
        const status = await statusOf(aws, stack);
        return isRight && status === (isGood ? 'CREATE_COMPLETE' : 'ROLLBACK_COMPLETE');
      }),
    );
    await aws.close();
    const what = `of ${size} deploys at once, DescribeStacks limited to 5/s (${throttled} answers throttled): end right`;
    return [{ what, unit: 'deploys', ours: truths.filter(Boolean).length, bar }];
  },
};
