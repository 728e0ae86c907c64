import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings } from '../../../actions/cloudformation-deploy/test/harness.js';
import { root } from '../../../scripts/command.mjs';
import { connectionIds, formatRoleArn, region, scenario, startAgent } from './account.js';
import type { Agent } from './agent.js';
import { AzureServer } from './server.js';

/** Prints the ARN of the identity that an SDK finds in the environment of a script. */
const CALLER_IDENTITY_SCRIPT = `cd ${root} && ${process.execPath} --no-warnings --input-type=module -e "
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
  console.log((await new STSClient().send(new GetCallerIdentityCommand())).Arn);
"`;

describe('a job on an Azure DevOps agent', () => {
  let aws: LocalAws;
  let server: AzureServer;

  const start = async (durations: Readonly<Record<string, string>> = {}): Promise<void> => {
    const { cloudformation } = scenario;
    const slower = { ...cloudformation, durations: { ...cloudformation?.durations, ...durations } };
    const secretsmanager = { 'prod/key': 'first line\nsecond line', word: 'a-password' };
    aws = await startLocalAws({ scenario: { ...scenario, cloudformation: slower, secretsmanager } });
    server = await AzureServer.start(() => aws);
  };
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await aws.close();
  });

  const credentials = {
    task: 'AWSDeliveryOIDCCredentials',
    inputs: { awsRegion: region, roleArn: formatRoleArn('deliver') },
  };
  const deploy = {
    task: 'AWSDeliveryCloudFormationDeploy',
    inputs: { awsRegion: region, name: 'shop', template: 'template.json' },
  };
  const writeTemplate = (agent: Agent, mode: string): void =>
    writeFileSync(join(agent.workspace, 'template.json'), renderThings({ A: mode }));
  const readStackStatus = async (): Promise<string | undefined> => {
    const keys = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret-key' };
    const client = new CloudFormationClient({ endpoint: aws.url, region, credentials: keys });
    const response = await client.send(new DescribeStacksCommand({ StackName: 'shop' })).catch(() => undefined);
    client.destroy();
    return response?.Stacks?.[0]?.StackStatus;
  };
  const listRemaining = (agent: Agent): readonly string[] =>
    readdirSync(agent.temp).filter((name) => name.startsWith('aws-delivery'));

  describe('with credentials from AWSDeliveryOIDCCredentials', () => {
    beforeEach(() => start());

    it('passes them to later tasks as secret variables', async () => {
      await using agent = startAgent(aws, { server });
      writeTemplate(agent, 'good');
      await agent.run(credentials);
      expect((await agent.run(deploy)).result).toBe('succeeded');
      expect(agent.variables.secrets).toContain(agent.variables.get('AWS_SECRET_ACCESS_KEY'));
      const principal = aws.calls().find(({ operation }) => operation === 'ExecuteChangeSet')?.principal;
      expect(JSON.stringify(principal)).toContain('assumed-role/deliver');
    });

    it('passes them to scripts in a profile without secret variables, and removes the profile after the job', async () => {
      await using agent = startAgent(aws, { server });
      await agent.run(credentials);
      expect(await agent.runScript('echo "[$AWS_ACCESS_KEY_ID$AWS_SECRET_ACCESS_KEY]"')).toBe('[]\n');
      expect(await agent.runScript(CALLER_IDENTITY_SCRIPT)).toContain('assumed-role/deliver/AzureDevOps');
      const file = agent.variables.get('AWS_CONFIG_FILE') ?? '';
      expect(readFileSync(file, 'utf8')).toContain('[profile aws-delivery]');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await agent.finish();
      expect(existsSync(file)).toBe(false);
      expect(listRemaining(agent)).toEqual([]);
    });

    it('keeps the machine’s profiles, and has one profile of its own for two tasks', async () => {
      await using agent = startAgent(aws, { server });
      const config = join(agent.workspace, 'config');
      writeFileSync(config, '[profile other]\nregion = us-east-1\n');
      agent.variables.set('AWS_CONFIG_FILE', config);
      await agent.run(credentials);
      await agent.run({ ...credentials, inputs: { ...credentials.inputs, roleSessionName: 'second' } });
      const text = readFileSync(agent.variables.get('AWS_CONFIG_FILE') ?? '', 'utf8');
      expect(text.match(/^\[.*\]$/gmu)).toEqual(['[profile other]', '[profile aws-delivery]']);
      expect(await agent.runScript(CALLER_IDENTITY_SCRIPT)).toContain('assumed-role/deliver/second');
    });

    it('prints no secret, and masks credentials', async () => {
      await using agent = startAgent(aws, { server });
      const { printed } = await agent.run({ ...credentials, inputs: { ...credentials.inputs, secretIds: 'word' } });
      const secrets = [agent.variables.get('AWS_SECRET_ACCESS_KEY'), agent.variables.get('WORD')];
      expect(secrets).toEqual([expect.stringMatching(/.{20,}/u), 'a-password']);
      for (const secret of secrets) expect(printed.join('\n')).not.toContain(secret);
      expect(agent.variables.get('AWS_SESSION_TOKEN')).toBeTruthy();
      expect((await agent.run(deploy)).printed.join('\n')).not.toContain(secrets[0]);
    });

    it('warns about a multi-line secret, which variables do not support', async () => {
      await using agent = startAgent(aws, { server });
      const inputs = { ...credentials.inputs, secretIds: 'prod/key' };
      const { result, issues } = await agent.run({ ...credentials, inputs });
      expect(result).toBe('succeeded');
      expect(issues).toEqual([
        expect.objectContaining({ type: 'warning', message: expect.stringContaining('PROD_KEY') }),
      ]);
      expect(agent.variables.get('PROD_KEY')).toBeUndefined();
    });
  });

  describe('that is cancelled', () => {
    beforeEach(() => start({ update: '1m' }));

    const update = async (agent: Agent) => {
      writeTemplate(agent, 'good');
      const step = {
        ...deploy,
        inputs: { ...deploy.inputs, awsCredentials: connectionIds.oidc, onCancel: 'cancel-update' },
      };
      await agent.run(step);
      writeTemplate(agent, 'better');
      const running = agent.start(step);
      await running.waitForLine(/UPDATE_IN_PROGRESS +A /u);
      return running;
    };

    it('forwards the agent’s signal to the action, whose post step applies onCancel', async () => {
      await using agent = startAgent(aws, { server });
      const running = await update(agent);
      running.signal('SIGINT');
      expect((await running.outcome).result).toBe('failed');
      await agent.finish();
      expect(await readStackStatus()).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
      expect(listRemaining(agent)).toEqual([]);
    });

    it('applies onCancel after the task was killed, with a new token', async () => {
      await using agent = startAgent(aws, { server });
      const running = await update(agent);
      running.signal('SIGKILL');
      await running.outcome;
      const before = server.requestedConnections.length;
      await agent.finish();
      expect(server.requestedConnections.length).toBeGreaterThan(before);
      expect(await readStackStatus()).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
      expect(listRemaining(agent)).toEqual([]);
    });
  });
});
