import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings } from '../../../actions/cloudformation-deploy/test/harness.js';
import { buildSarif } from '../../../actions/codeguru-review/test/sarif-log.js';
import { startForwardProxy } from '../../../packages/action-kit/src/testing/http-servers.js';
import { createImage, createLayoutFiles, writeFiles } from '../../../packages/oci/test/image-fixtures.js';
import { root } from '../../../scripts/command.mjs';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { connectionIds, formatRoleArn, region, scenario, startAgent } from './account.js';
import { AzureServer, subjects } from './server.js';

describe('the tasks on an Azure DevOps agent', () => {
  let aws: LocalAws;
  let server: AzureServer;

  beforeEach(async () => {
    aws = await startLocalAws({ scenario });
    server = await AzureServer.start(() => aws);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await aws.close();
  });

  const listRoleCalls = () => aws.calls().filter(({ operation }) => operation.startsWith('AssumeRole'));
  const deploy = {
    task: 'AWSDeliveryCloudFormationDeploy',
    inputs: { awsCredentials: connectionIds.oidc, awsRegion: region, name: 'shop', template: 'template.json' },
  };

  it('AWSDeliveryOIDCCredentials obtains credentials with the pipeline’s identity', async () => {
    await using agent = startAgent(aws, { server });
    const inputs = { awsRegion: region, roleArn: formatRoleArn('deliver') };
    const { result, outputs, summaries } = await agent.run({ task: 'AWSDeliveryOIDCCredentials', inputs });
    expect(result).toBe('succeeded');
    expect(outputs).toMatchObject({
      awsAccountId: '123456789012',
      authenticatedArn: expect.stringMatching(/assumed-role\/deliver\/AzureDevOps$/u),
      claims: expect.stringContaining(subjects.pipeline),
    });
    expect(summaries.join('')).toContain('AWS credentials');
    expect(server.requestedConnections).toEqual(['']);
  });

  it('AWSDeliveryOIDCCredentials uses a service connection for inputs that are not set', async () => {
    await using agent = startAgent(aws);
    const inputs = { awsCredentials: connectionIds.keysAndRole, awsRegion: region, roleDuration: '20m' };
    const { result, outputs } = await agent.run({ task: 'AWSDeliveryOIDCCredentials', inputs });
    expect([result, outputs['authenticatedArn']]).toEqual(['succeeded', expect.stringMatching(/keyed\/nightly$/u)]);
    expect(listRoleCalls().map(({ input }) => input)).toMatchObject([{ DurationSeconds: 1200, ExternalId: 'azure' }]);
  });

  it('AWSDeliveryCloudFormationDeploy deploys with a service connection that uses OIDC', async () => {
    await using agent = startAgent(aws, { server });
    writeFileSync(join(agent.workspace, 'template.json'), renderThings({ A: 'good' }));
    const { result, outputs, summaries } = await agent.run({ ...deploy, name: 'stack' });
    expect(result).toBe('succeeded');
    expect(outputs).toMatchObject({ stackStatus: 'CREATE_COMPLETE', AName: expect.stringContaining('shop-A-') });
    expect(agent.variables.fill('$(stack.stackStatus)')).toBe('CREATE_COMPLETE');
    expect(summaries.join('')).toContain('shop: creation complete');
    expect(server.requestedConnections).toEqual([connectionIds.oidc]);
  });

  it('AWSDeliveryAppConfigRollout previews with a service connection that has keys and a role', async () => {
    await using agent = startAgent(aws);
    cpSync(join(root, 'examples', 'appconfig'), join(agent.workspace, 'config'), { recursive: true });
    const inputs = { awsCredentials: connectionIds.keysAndRole, awsRegion: region, mode: 'preview', tree: 'config' };
    const { result, outputs } = await agent.run({ task: 'AWSDeliveryAppConfigRollout', inputs });
    expect(result).toBe('succeeded');
    expect(JSON.parse(outputs['deployments'] ?? '')).toHaveLength(12);
    expect(listRoleCalls().map(({ input }) => input)).toMatchObject([
      { RoleArn: formatRoleArn('keyed'), ExternalId: 'azure', RoleSessionName: 'nightly' },
    ]);
  });

  it('AWSDeliveryHealthGate checks AWS Health with a service connection that has only keys', async () => {
    await using agent = startAgent(aws);
    const inputs = { awsCredentials: connectionIds.keys, awsRegion: region };
    const { result, outputs } = await agent.run({ task: 'AWSDeliveryHealthGate', inputs });
    expect(result).toBe('succeeded');
    expect(outputs).toMatchObject({ verdict: 'passed', eventCount: '0' });
    expect(listRoleCalls()).toEqual([]);
  });

  it('AWSDeliveryECRPush pushes with keys and a role in variables on a server without OIDC', async () => {
    const variables = { 'AWS.Region': region, 'AWS.AssumeRoleArn': formatRoleArn('keyed'), 'AWS.ExternalId': 'azure' };
    const secrets = { 'AWS.AccessKeyID': 'AKIAPIPELINE', 'AWS.SecretAccessKey': 'pipeline-secret-key' };
    await using agent = startAgent(aws, { variables, secrets });
    const image = createImage();
    await writeFiles(join(agent.workspace, 'build'), createLayoutFiles({ latest: image.manifest }, [image]));
    const inputs = { source: 'oci:build', repository: 'app', tags: '1.0' };
    const { result, outputs } = await agent.run({ task: 'AWSDeliveryECRPush', inputs });
    expect(result).toBe('succeeded');
    expect(outputs).toMatchObject({ digest: image.manifest.digest, pushed: 'true' });
    expect(listRoleCalls()).toHaveLength(1);
  });

  it('AWSDeliveryCodeGuruReview fails on a finding and reports its file and line', async () => {
    await using agent = startAgent(aws);
    writeFileSync(
      join(agent.workspace, 'scan.sarif'),
      buildSarif({ results: [{ line: 3, message: 'no ##vso[task.setvariable variable=OBEYED]yes' }] }),
    );
    const inputs = { findingsFrom: 'sarif', sarifFiles: 'scan.sarif' };
    const { result, outputs, issues, summaries } = await agent.run({ task: 'AWSDeliveryCodeGuruReview', inputs });
    expect(result).toBe('failed');
    expect(outputs).toMatchObject({ verdict: 'blocked' });
    expect(issues).toContainEqual(expect.objectContaining({ type: 'error', sourcepath: 'src/app.js' }));
    expect(summaries.join('')).toContain('blocked');
    expect(agent.variables.get('OBEYED')).toBeUndefined();
    expect(agent.status).toBe('Failed');
  });

  const node24 = findProgram('node24');
  declareUnless(findToolObstacle(['node24']), it)('a task also runs under the handler Node24', async () => {
    await using agent = startAgent(aws, { server, node: { handler: 'Node24', path: node24 ?? '' } });
    writeFileSync(join(agent.workspace, 'template.json'), renderThings({ A: 'good' }));
    expect((await agent.run(deploy)).result).toBe('succeeded');
    expect((await agent.finish()).map(({ result }) => result)).toEqual(['succeeded']);
  });

  it('a task uses the agent’s proxy', async () => {
    const proxy = await startForwardProxy({ hosts: { 'aws.test': Number(new URL(aws.url).port) } });
    const variables = { 'Agent.ProxyUrl': `http://127.0.0.1:${proxy.port}/`, 'Agent.ProxyUsername': 'agent' };
    await using agent = startAgent(aws, {
      variables,
      secrets: { 'Agent.ProxyPassword': 'proxy-password' },
      machine: { AWS_ENDPOINT_URL: 'http://aws.test' },
    });
    const inputs = { awsCredentials: connectionIds.keys, awsRegion: region };
    const { result, printed } = await agent.run({ task: 'AWSDeliveryHealthGate', inputs });
    expect([result, new Set(proxy.credentials)]).toEqual(['succeeded', new Set(['agent:proxy-password'])]);
    expect(printed.join('\n')).not.toContain('proxy-password');
    await proxy.stop();
  });

  it('a misspelt input is an error that suggests the right name', async () => {
    await using agent = startAgent(aws, { server });
    const { result, issues } = await agent.run({ ...deploy, inputs: { ...deploy.inputs, onFailur: 'preserve' } });
    expect(result).toBe('failed');
    expect(issues.map(({ message }) => message).join('\n')).toMatch(
      /unknown input 'onfailur'.*did you mean 'onFailure'/u,
    );
  });

  it('an unavailable connection and one with half a key pair are errors', async () => {
    const incomplete = { 'c0000000-0000-4000-8000-00000000000f': { username: 'AKIAHALF' } };
    await using agent = startAgent(aws, { connections: incomplete });
    const [awsCredentials = ''] = Object.keys(incomplete);
    const half = await agent.run({ task: 'AWSDeliveryHealthGate', inputs: { awsCredentials } });
    expect(half.issues[0]?.message).toContain('one of access key ID and secret access key');
    const absent = await agent.run({ task: 'AWSDeliveryHealthGate', inputs: { awsCredentials: connectionIds.oidc } });
    expect(absent.issues[0]?.message).toContain(`service connection '${connectionIds.oidc}' not found`);
    expect([half.result, absent.result]).toEqual(['failed', 'failed']);
  });

  it('a connection with OIDC fails on a server without tokens, even if the machine has credentials', async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret-key' };
    await using agent = startAgent(aws, { machine: { AWS_ENDPOINT_URL: aws.url, ...keys } });
    const { result, issues } = await agent.run(deploy);
    expect([result, issues[0]?.message]).toEqual(['failed', expect.stringContaining('the job cannot request tokens')]);
    expect(aws.calls()).toEqual([]);
  });

  it('a role that does not trust the connection fails before the action starts, with the subject to trust', async () => {
    const id = 'c0000000-0000-4000-8000-00000000000e';
    const connections = { [id]: { assumeRoleArn: formatRoleArn('deliver'), useOIDC: 'true' } };
    await using agent = startAgent(aws, { server, connections });
    const { result, log } = await agent.run({ ...deploy, inputs: { ...deploy.inputs, awsCredentials: id } });
    expect(result).toBe('failed');
    expect(log.join('\n')).toContain(subjects.connection);
    expect(aws.calls().filter(({ service }) => service === 'cloudformation')).toEqual([]);
  });

  it('an audience that Azure DevOps does not support is an error that names the supported one', async () => {
    await using agent = startAgent(aws, { server });
    const inputs = { awsRegion: region, roleArn: formatRoleArn('deliver'), audience: 'sts.amazonaws.com' };
    const { result, log } = await agent.run({ task: 'AWSDeliveryOIDCCredentials', inputs });
    expect(result).toBe('failed');
    expect(log.join('\n')).toMatch(
      /audience of the token is 'api:\/\/AzureADTokenExchange', expected 'sts.amazonaws.com'/u,
    );
  });
});
