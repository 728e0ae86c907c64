import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { z } from 'zod';
import { root } from '../../../scripts/command.mjs';
import { readJenkinsfile } from '../jenkins/jenkinsfile.js';
import { delivery } from './delivery.js';
import { type DeliveryHost, keepName, type OutputGroup } from './host.js';

const audience = 'sts.amazonaws.com';
const isWindows = process.platform === 'win32';

const quoteArgument = (argument: string): string => `'${argument.replaceAll("'", "'\\''")}'`;

/** The delivery as the node runner's arguments. */
const uses = delivery
  .map(({ action, inputs }) => [action, ...Object.entries(inputs).map(([name, value]) => `--${name}=${value}`)])
  .map((use) => use.map(quoteArgument).join(' '))
  .join(' -- ');

const readOutputs = (path: string): Record<string, string> =>
  z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8')));

/** Runs a script of a CI system for which the runner has no host adapter. Throws Error if it fails. */
const runScript = async (script: string, workspace: string, env: Readonly<Record<string, string>>): Promise<void> => {
  const processEnv = { ...getMachineEnv(process.env), ...env };
  const child = spawn('sh', ['-e', '-c', script], {
    cwd: workspace,
    env: processEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await code) !== 0) throw new Error(`a script ended with ${await code}:\n${out}${err}`);
};

const readAllOutputs = (workspace: string): readonly OutputGroup[] => [
  { steps: delivery, outputs: readOutputs(join(workspace, 'outputs.json')) },
];

const requestToken = (aws: LocalAws): Promise<string> => aws.issueToken({ audience });

/** A shell, with the token in a file. */
export const shell: DeliveryHost = {
  name: 'a plain shell',
  missing: isWindows ? ['sh'] : [],
  identity: { issuer: 'https://ci.example', audience, subject: 'shop/main' },
  loginCount: 1,
  formatOutputName: keepName,
  outputsOutliveJob: true,
  runDelivery: async (aws, workspace) => {
    writeFileSync(join(workspace, 'token'), await requestToken(aws), { mode: 0o600 });
    const runner = join(root, 'packages', 'node-runner', 'dist', 'runner.js');
    const options = '--token-file token --outputs outputs.json --summary summary.md';
    await runScript(`node ${quoteArgument(runner)} ${options} ${uses}`, workspace, { AWS_ENDPOINT_URL: aws.url });
    return readAllOutputs(workspace);
  },
};

/** Jenkins: the shell step of our pipeline with the arguments of this delivery. */
export const jenkins: DeliveryHost = {
  name: 'Jenkins',
  missing: isWindows ? ['sh'] : [],
  identity: { issuer: 'https://jenkins.example/oidc', audience, subject: 'https://jenkins.example/job/deliver/' },
  loginCount: 1,
  formatOutputName: keepName,
  outputsOutliveJob: true,
  runDelivery: async (aws, workspace) => {
    const { scripts, always, parameters } = readJenkinsfile();
    const [call = ''] = (scripts['deploy'] ?? '').split(delivery[0]?.action ?? '');
    const env = {
      ...parameters,
      JENKINS_URL: 'https://jenkins.example/',
      AWS_ENDPOINT_URL: aws.url,
      AWS_DELIVERY_HOME: root,
      STATE: join(workspace, '.state'),
      ID_TOKEN: await requestToken(aws),
    };
    await runScript(`${call} ${uses}`, workspace, env);
    await runScript(always, workspace, env);
    return readAllOutputs(workspace);
  },
};
