import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../../../scripts/command.mjs';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { type MiniStack, startMiniStack } from '../../conformance/ministack.js';
import { type ApiStub, startApiStub } from '../../e2e/services/api-stub.js';
import { findToolObstacle } from '../../required-programs.js';
import { scenario, startAgent } from './account.js';
import type { Agent } from './agent.js';
import { runSteps } from './pipeline.js';
import { AzureServer } from './server.js';

const EXAMPLE = 'hosts/azure-devops/examples/other-tasks.azure-pipelines.yml';
const text = z.union([z.string(), z.number()]).transform(String);
const pipelineSchema = z.object({
  variables: z.record(z.string(), text),
  steps: z.array(
    z.union([
      z.object({ task: z.string(), displayName: z.string(), inputs: z.record(z.string(), text) }),
      z.object({ script: z.string(), displayName: z.string() }),
    ]),
  ),
});
const { variables, steps } = pipelineSchema.parse(parse(readFileSync(join(root, EXAMPLE), 'utf8')));
const scripts = steps.flatMap((step) => ('script' in step ? [step] : []));

const parameterSchema = z.object({ Name: z.string(), Value: z.string() });
const COMMAND = '0a1b2c3d-0000-4000-8000-000000000001';

/** Version 1 of the AWS CLI, which otherwise ignores AWS_ENDPOINT_URL for SQS. */
const AWS_CLI = `#!/bin/sh
if [ "$1" = sqs ]; then set -- --endpoint-url "$AWS_ENDPOINT_URL" "$@"; fi
exec '${findProgram('aws')}' "$@"
`;

const EMULATED = ['s3', 'lambda', 'sns', 'sqs'];

declareUnless(findToolObstacle(['aws']), describe)('the AWS CLI after AWSDeliveryOIDCCredentials', () => {
  let aws: LocalAws;
  let emulator: MiniStack;
  let stub: ApiStub;
  let server: AzureServer;
  let agent: Agent;
  let programs: string;

  /** Runs a command of the AWS CLI as the root of the account. */
  const runCli = (command: string): Promise<string> => agent.runScript(command, rootEnv());
  const rootEnv = () => ({
    AWS_ACCESS_KEY_ID: 'AKIAROOT',
    AWS_SECRET_ACCESS_KEY: 'root-secret-key',
    AWS_DEFAULT_REGION: 'eu-west-1',
  });

  beforeAll(async () => {
    emulator = await startMiniStack();
    const parameters = new Map<string, string>();
    stub = await startApiStub({
      'AmazonSSM.PutParameter': (body) => {
        const { Name, Value } = parameterSchema.parse(JSON.parse(body));
        parameters.set(Name, Value);
        return { Version: 1, Tier: 'Standard' };
      },
      'AmazonSSM.GetParameter': (body) => {
        const { Name } = parameterSchema.partial({ Value: true }).parse(JSON.parse(body));
        return { Parameter: { Name, Type: 'String', Value: parameters.get(Name), Version: 1 } };
      },
      'AmazonSSM.SendCommand': { Command: { CommandId: COMMAND, Status: 'Pending' } },
      'AmazonSSM.GetCommandInvocation': { CommandId: COMMAND, Status: 'Success', ResponseCode: 0 },
      'CodeDeploy_20141006.CreateDeployment': { deploymentId: 'd-ABCDEF123' },
      'CodeDeploy_20141006.GetDeployment': { deploymentInfo: { deploymentId: 'd-ABCDEF123', status: 'Succeeded' } },
      CreateApplicationVersion: '<ApplicationVersion><VersionLabel>42</VersionLabel></ApplicationVersion>',
      UpdateEnvironment: '<EnvironmentName>ticket-shop</EnvironmentName><Status>Updating</Status>',
      DescribeEnvironments:
        '<Environments><member><EnvironmentName>ticket-shop</EnvironmentName><Status>Ready</Status></member></Environments>',
    });
    const { iam } = scenario;
    const deliver = iam?.roles?.['deliver'];
    if (deliver === undefined) throw new Error('the scenario has no role deliver');
    const all = { Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*' }] };
    aws = await startLocalAws({
      scenario: { ...scenario, iam: { ...iam, roles: { ...iam?.roles, deliver: { ...deliver, policies: { all } } } } },
      upstream: {
        ...Object.fromEntries(EMULATED.map((service) => [service, emulator.url])),
        ssm: stub.url,
        codedeploy: stub.url,
        elasticbeanstalk: stub.url,
      },
    });
    server = await AzureServer.start(() => aws);
    programs = mkdtempSync(join(tmpdir(), 'programs-'));
    writeFileSync(join(programs, 'aws'), AWS_CLI, { mode: 0o755 });
    const PATH = [programs, process.env['PATH']].join(delimiter);
    const machine = { AWS_ENDPOINT_URL: aws.url, PATH };
    agent = startAgent(aws, { server, variables, machine });
  }, 120_000);
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await aws.close();
    await stub.close();
    await emulator.close();
    rmSync(programs, { recursive: true });
  });

  /** Creates the resources of the pipeline, and its files. */
  const setUp = async (): Promise<void> => {
    mkdirSync(join(agent.workspace, 'site'));
    writeFileSync(join(agent.workspace, 'site', 'index.html'), '<p>tickets</p>');
    writeFileSync(join(agent.workspace, 'payload.json'), '{"cents":250}');
    writeFileSync(join(agent.workspace, 'index.mjs'), 'export const handler = async ({ cents }) => cents;\n');
    await agent.runScript("python3 -c \"import zipfile; zipfile.ZipFile('function.zip','w').write('index.mjs')\"");
    const code = '--runtime nodejs20.x --handler index.handler --zip-file fileb://function.zip';
    for (const command of [
      `aws s3 mb s3://${variables['bucket']}`,
      `aws lambda create-function --function-name ${variables['function']} --role arn:aws:iam::123456789012:role/x ${code}`,
      'aws sns create-topic --name deliveries',
      'aws sqs create-queue --queue-name deliveries',
    ])
      await runCli(command);
    const { QueueUrl } = JSON.parse(await runCli('aws sqs get-queue-url --queue-name deliveries'));
    agent.variables.set('queueUrl', QueueUrl);
  };

  it('runs every command with the credentials of the task', async () => {
    await setUp();
    const { outcomes } = await runSteps(
      steps.flatMap((step) => ('task' in step ? [{ task: step.task, inputs: step.inputs }] : [])),
      agent,
    );
    expect(outcomes.map(({ result }) => result)).toEqual(['succeeded']);
    const before = aws.calls().length;
    for (const { script, displayName } of scripts) {
      const output = await agent.runScript(`set -e\n${agent.variables.fill(script)}\necho "${displayName}: passed"`);
      expect(output).toContain(`${displayName}: passed`);
    }
    const principals = aws
      .calls()
      .slice(before)
      .map(({ principal }) => principal.split('/')[1]);
    expect(new Set(principals)).toEqual(new Set(['deliver']));
  }, 120_000);

  it('had the effects', async () => {
    expect(await runCli(`aws s3 cp s3://${variables['bucket']}/42/index.html -`)).toContain('tickets');
    expect(await runCli('aws ssm get-parameter --name /ticket-shop/release')).toContain('"Value": "42"');
    expect(await runCli(`aws sqs receive-message --queue-url ${agent.variables.get('queueUrl')}`)).toContain(
      'released 42',
    );
    const operations = new Set(stub.requests.map(({ operation }) => operation));
    expect([...operations]).toEqual([
      'AmazonSSM.PutParameter',
      'AmazonSSM.GetParameter',
      'AmazonSSM.SendCommand',
      'AmazonSSM.GetCommandInvocation',
      'CodeDeploy_20141006.CreateDeployment',
      'CodeDeploy_20141006.GetDeployment',
      'CreateApplicationVersion',
      'UpdateEnvironment',
      'DescribeEnvironments',
    ]);
  }, 120_000);
});

describe('the table of other tasks in the README', () => {
  const readme = readFileSync(join(root, 'hosts/azure-devops/README.md'), 'utf8');
  const [, section = ''] = readme.split('## Other tasks with the AWS CLI');
  const [table = ''] = section.split('\n## ');
  const commands = [...table.matchAll(/`(aws [^`]+)`/gu)].map(([, command = '']) => command);

  /** Commands of the table without an example in the pipeline. */
  const WITHOUT_EXAMPLE = ['aws s3 cp "s3://', 'aws secretsmanager put-secret-value'];

  it.each(commands)('has only commands of the pipeline: %s', (command) => {
    const [start = ''] = command.split(' …');
    const isKnown = scripts.some(({ script }) => script.includes(start));
    expect(isKnown || WITHOUT_EXAMPLE.some((other) => command.startsWith(other))).toBe(true);
  });
});
