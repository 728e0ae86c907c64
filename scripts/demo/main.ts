import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { accountScenario } from './account.js';
import { type Delivery, deliver } from './delivery.js';
import { readOptions, usage } from './options.js';
import { printCalls, printStages } from './recap.js';
import { Terminal } from './terminal.js';
import { readWorkflow, type Workflow } from './workflow.js';

/** A try of the story: the parameter it delivers with, and what should come of it. */
interface Try {
  readonly name: string;
  readonly title: string;
  readonly shards: string;
  readonly passes: boolean;
}

const story: readonly Try[] = [
  { name: 'first-try', title: 'First try: SHARD_COUNT is 0, which Kinesis refuses', shards: '0', passes: false },
  { name: 'second-try', title: 'Second try: SHARD_COUNT is 1', shards: '1', passes: true },
];

/** How a try ended; `lenient`: an emulator let through what AWS refuses. */
type End = 'expected' | 'lenient' | 'surprising';

const worst: readonly End[] = ['surprising', 'lenient', 'expected'];

const verdicts: Readonly<Record<End, string>> = {
  expected: 'The wrong parameter was stopped and explained, and the right one went through.',
  lenient: 'Both tries went through: this emulator accepts a stream without shards, which AWS refuses.',
  surprising: 'This is not how it should have gone: the log above shows where it differs.',
};

interface Stage {
  readonly root: string;
  readonly folder: string;
  readonly aws: LocalAws;
  readonly workflow: Workflow;
  readonly terminal: Terminal;
}

/** Runs the demo; the result is the process's exit code: 0 when the story went as it should. */
export const demo = async (args: readonly string[]): Promise<number> => {
  const options = await readOptions(args);
  const terminal = new Terminal((text) => process.stdout.write(text), process.stdout.isTTY === true);
  if (options.kind !== 'run') {
    terminal.line(options.kind === 'help' ? usage : `${options.message}\n\n${usage}`);
    return options.kind === 'help' ? 0 : 2;
  }
  const root = process.cwd();
  const folder = join(root, '.demo');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const aws = await startAws(root, folder, options.endpoint);
  try {
    const workflow = readWorkflow(join(root, 'examples', 'workflows', 'first-delivery.yml'));
    return await tell({ root, folder, aws, workflow, terminal }, options.endpoint);
  } finally {
    await aws.close();
  }
};

const startAws = (root: string, folder: string, endpoint: string | undefined): Promise<LocalAws> => {
  const scenario = join(folder, 'local-aws.yml');
  writeFileSync(scenario, accountScenario(root));
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    writeFileSync(join(folder, 'calls.jsonl'), `${lines.join('\n')}\n`);
  };
  return startLocalAws({ scenario, log, ...(endpoint === undefined ? {} : { upstream: { '*': endpoint } }) });
};

const introduce = ({ aws, terminal }: Stage, endpoint: string | undefined): void => {
  terminal.heading('AWS Delivery Actions: a delivery from end to end');
  terminal.line('  examples/workflows/first-delivery.yml takes examples/delivery/template.yaml to AWS: a bucket,');
  terminal.line('  a queue, a stream and a table. The actions are the bundles that GitHub would run.');
  const resources =
    endpoint === undefined ? ' and CloudFormation' : `; the emulator at ${endpoint} makes the resources`;
  terminal.line(`  AWS is played by this machine (${aws.url}): GitHub's token issuer, STS, IAM${resources}.`);
};

const tell = async (stage: Stage, endpoint: string | undefined): Promise<number> => {
  introduce(stage, endpoint);
  const ends: End[] = [];
  for (const attempt of story) {
    const delivery = await perform(stage, attempt);
    const isLenient = delivery.passed && !attempt.passes && endpoint !== undefined;
    ends.push(isLenient ? 'lenient' : delivery.passed === attempt.passes ? 'expected' : 'surprising');
  }
  const end = worst.find((one) => ends.includes(one)) ?? 'expected';
  conclude(stage, end);
  return end === 'surprising' ? 1 : 0;
};

const perform = async ({ root, folder, aws, workflow, terminal }: Stage, attempt: Try): Promise<Delivery> => {
  terminal.heading(attempt.title);
  const {
    ACTIONS_ID_TOKEN_REQUEST_URL: url = '',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '',
    ...env
  } = aws.environment();
  const delivery = await deliver({
    root,
    workflow,
    variables: {
      AWS_REGION: env['AWS_REGION'] ?? '',
      DEPLOY_ROLE_ARN: 'arn:aws:iam::123456789012:role/deliver',
      SHARD_COUNT: attempt.shards,
    },
    job: {
      env: { AWS_ENDPOINT_URL: aws.url },
      idToken: { url, token },
      github: { run_id: String(Date.now()) },
      onLine: (line) => terminal.logLine(line),
    },
    onStage: (name) => terminal.line(`  ${terminal.styled('bold', name)}`),
  });
  printStages(terminal, delivery);
  writeFileSync(join(folder, `${attempt.name}.md`), delivery.stages.map(({ summary }) => summary).join('\n\n'));
  return delivery;
};

const conclude = ({ root, folder, aws, terminal }: Stage, end: End): void => {
  terminal.heading('What AWS was asked');
  printCalls(terminal, aws.calls());
  terminal.heading('What is left to read');
  for (const { name } of story) terminal.line(`  ${relative(root, join(folder, `${name}.md`))}: the job summary`);
  terminal.line(
    `  ${relative(root, join(folder, 'calls.jsonl'))}: every call, who made it, and whether IAM let it through`,
  );
  terminal.line(`\n${terminal.styled(end === 'surprising' ? 'red' : 'green', verdicts[end])}`);
};
