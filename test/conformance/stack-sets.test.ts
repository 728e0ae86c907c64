import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import {
  CloudFormationClient,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../packages/action-kit/src/testing/http-servers.js';
import { REGION, ROOT } from './account.js';
import { startPythonServer } from './python-server.js';
import { miniStackObstacle } from './reference-emulator.js';
import { createEndpointEnv, type Inputs, ROOT_ENV, readOutput, Workspace } from './workspace.js';

const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['eu-west-1', 'us-east-1'];

/** moto cannot name queues. */
const renderLogGroup = (retention: number) => `
Parameters: { Prefix: { Type: String, Default: a } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub '/\${Prefix}/logs', RetentionInDays: ${retention} } }
`;

// moto is synchronous: operations succeed at once. It ignores operation IDs, filters, tolerance and paging.
declareUnless(miniStackObstacle, describe)('the bundle of cloudformation-deploy, before moto', () => {
  const workspace = new Workspace();
  let url: string;
  let close: () => Promise<void>;
  let client: CloudFormationClient;

  beforeAll(async () => {
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    const main = 'import sys; from moto.server import main; main(sys.argv[1:])';
    close = await startPythonServer({
      name: 'moto',
      args: ['-c', main, '-H', '127.0.0.1', '-p', String(port)],
      env: {},
      readyUrl: `${url}/moto-api/`,
    });
    client = new CloudFormationClient({ endpoint: url, credentials: ROOT, region: REGION, maxAttempts: 1 });
    workspace.write('logs.yml', renderLogGroup(7));
    workspace.write('longer.yml', renderLogGroup(30));
  });

  afterAll(async () => {
    workspace[Symbol.dispose]();
    client.destroy();
    await close();
  });

  beforeEach(async () => {
    await fetch(`${url}/moto-api/reset`, { method: 'POST' });
  });

  const deploy = async (inputs: Inputs = {}) => {
    const env = { ...createEndpointEnv(url), ...ROOT_ENV };
    const targets = { accounts: ACCOUNTS.join(), regions: REGIONS.join() };
    const result = await workspace.run(
      'cloudformation-deploy',
      { name: 'guard', template: 'logs.yml', ...targets, ...inputs },
      env,
    );
    expect({ conclusion: result.conclusion, output: readOutput(result) }).toEqual({
      conclusion: 'success',
      output: result.conclusion === 'success' ? expect.any(String) : '',
    });
    return result;
  };
  const listInstances = async () => {
    const { Summaries = [] } = await client.send(new ListStackInstancesCommand({ StackSetName: 'guard' }));
    return Summaries.map(({ Account, Region }) => `${Account}/${Region}`).toSorted();
  };
  const all = ACCOUNTS.flatMap((account) => REGIONS.map((region) => `${account}/${region}`));

  it('creates a stack set and its instances', async () => {
    await deploy();
    await expect(listInstances()).resolves.toEqual(all);
    const { StackSet } = await client.send(new DescribeStackSetCommand({ StackSetName: 'guard' }));
    expect(StackSet?.TemplateBody).toContain('RetentionInDays: 7');
  });

  it('finds nothing to change in what moto returns', async () => {
    await deploy();
    const { outputs, log } = await deploy();
    expect({ outputs, log: log.join('\n') }).toMatchObject({ outputs: { 'operation-ids': '[]' } });
  });

  it('updates the template, and adds a Region', async () => {
    await deploy({ regions: 'eu-west-1' });
    await deploy({ template: 'longer.yml' });
    await expect(listInstances()).resolves.toEqual(all);
    const { StackSet } = await client.send(new DescribeStackSetCommand({ StackSetName: 'guard' }));
    expect(StackSet?.TemplateBody).toContain('RetentionInDays: 30');
  });

  it('deletes instances that are not targeted, and the stack set with the last one', async () => {
    await deploy();
    await deploy({ regions: 'eu-west-1', 'remove-untargeted': 'true' });
    await expect(listInstances()).resolves.toEqual(all.filter((cell) => cell.endsWith('eu-west-1')));
    await deploy({ mode: 'delete' });
    await expect(listInstances()).rejects.toThrow();
  });
});
