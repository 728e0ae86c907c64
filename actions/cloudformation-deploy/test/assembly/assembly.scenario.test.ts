import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { REGION, type RunResult } from '../harness.js';
import { APPLICATION, ApplicationCopy } from './application-copy.js';
import {
  ASSET_BUCKET,
  createAssetBucket,
  createRootS3,
  getRoleName,
  openBootstrappedHarness,
} from './bootstrapped-account.js';

const harness = await openBootstrappedHarness();
cpSync(APPLICATION, join(harness.workspace, 'cdk.tgz'));
afterAll(() => harness.close());
beforeEach(async () => {
  harness.aws.reset();
  await createAssetBucket(harness);
});

type Values = Readonly<Record<string, string>>;

const run = (inputs: Values = {}): Promise<RunResult> =>
  harness.deploy({ name: '', assembly: 'cdk.tgz', 'assembly-stacks': 'site', ...inputs });

const runChanged = async (change: (copy: ApplicationCopy) => void, inputs: Values = {}): Promise<RunResult> => {
  using copy = new ApplicationCopy();
  change(copy);
  return await run({ assembly: copy.path, ...inputs });
};

const getResults = ({ outputs }: RunResult): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  JSON.parse(outputs['stack-results'] ?? '{}');

const getStates = (result: RunResult): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(getResults(result)).map(([name, { result: state }]) => [name, state]));

const findInputs = ({ calls }: RunResult, name: string): readonly Readonly<Record<string, unknown>>[] =>
  calls.filter(({ operation }) => operation === name).map(({ input }) => input);

const readObject = async (url: string): Promise<Uint8Array> => {
  const client = createRootS3(harness);
  const Key = url.split('/').at(-1);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: ASSET_BUCKET, Key }));
  const bytes = await Body?.transformToByteArray();
  client.destroy();
  return bytes ?? new Uint8Array();
};

describe('a deployment', () => {
  it('publishes assets and deploys stacks in their order, with the roles of the bootstrap stack alone', async () => {
    const deployed = await run();
    expect(deployed.failure).toBeUndefined();
    expect(getStates(deployed)).toEqual({ network: 'complete', site: 'complete' });
    const [network, site] = findInputs(deployed, 'CreateChangeSet');
    expect(network).toMatchObject({
      StackName: 'network',
      Tags: [{ Key: 'team', Value: 'network' }],
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      RoleARN: `arn:aws:iam::123456789012:role/${getRoleName('cfn-exec')}`,
      TemplateURL: expect.stringContaining(`https://s3.${REGION}.amazonaws.com/${ASSET_BUCKET}/`),
    });
    expect(site).toMatchObject({ StackName: 'site' });
    expect(findInputs(deployed, 'UpdateTerminationProtection')).toEqual([
      expect.objectContaining({ EnableTerminationProtection: true }),
    ]);
    const outputs = JSON.parse(deployed.outputs['stack-outputs'] ?? '');
    expect(outputs.network.QueueUrl).toBe(
      (getResults(deployed)['network'] as Record<string, Values>)['stack-outputs']?.['QueueUrl'],
    );
  });

  it('archives directories with dotfiles and modes, and the content of links', async () => {
    const deployed = await run();
    const outputs = getResults(deployed)['site']?.['stack-outputs'] as Values;
    const archive = await readObject(outputs['CodeUrl'] ?? '');
    const files = unzipSync(archive);
    const text = (name: string): string => Buffer.from(files[name] ?? []).toString();
    expect(Object.keys(files).toSorted()).toEqual(['.settings', 'index.js', 'run.sh', 'start.sh']);
    expect(text('run.sh')).toBe(text('start.sh'));
    expect(text('.settings')).toBe('LEVEL=info\n');
    // 1980-01-01 in DOS format, at its place in the first local header.
    expect(Buffer.from(archive).readUInt16LE(12)).toBe(33);
    expect(Buffer.from(await readObject(outputs['DataUrl'] ?? '')).toString()).toBe('{ "currency": "EUR" }\n');
  });

  it('changes nothing where everything is equal, without a change set', async () => {
    await run();
    const again = await run();
    expect(again.failure).toBeUndefined();
    expect(getStates(again)).toEqual({ network: 'unchanged', site: 'unchanged' });
    expect(again.writes.filter((name) => name !== 'AssumeRole')).toEqual([]);
    expect(getResults(again)['network']).toMatchObject({ 'stack-outputs': { QueueUrl: expect.any(String) } });
  });

  it('deploys what differs in template, tags, parameters or protection', async () => {
    await run();
    const changed = await runChanged((copy) => copy.editStack('network', { tags: { team: 'core' } }));
    expect(getStates(changed)).toEqual({ network: 'complete', site: 'unchanged' });
    const parameter = await run({ parameters: 'site:Size=large', 'assembly-stacks': 'site', exclusively: 'true' });
    expect(getStates(parameter)).toEqual({ site: 'complete' });
    expect(findInputs(parameter, 'CreateChangeSet')[0]?.['Parameters']).toEqual([
      { ParameterKey: 'Size', ParameterValue: 'large' },
    ]);
    expect(getStates(await run({ parameters: 'Size=large' }))).toMatchObject({ site: 'unchanged' });
    const open = await runChanged((copy) => copy.editStack('network', { terminationProtection: false }));
    expect(findInputs(open, 'UpdateTerminationProtection')).toEqual([
      expect.objectContaining({ EnableTerminationProtection: false }),
    ]);
  });

  it('deploys a stage, in its own environment', async () => {
    const deployed = await run({ 'assembly-stacks': 'Prod/*' });
    expect(deployed.failure).toBeUndefined();
    expect(getStates(deployed)).toEqual({ 'Prod/network': 'complete', 'Prod/site': 'complete' });
    expect(Object.keys(JSON.parse(deployed.outputs['stack-outputs'] ?? ''))).toEqual(['Prod-network', 'Prod-site']);
  });

  it('uploads each asset once, and again only if its object is incomplete', async () => {
    const both = await run({ 'assembly-stacks': 'site\nProd/site' });
    expect(both.failure).toBeUndefined();
    const keys = findInputs(both, 'PutObject').map(({ Key }) => Key);
    expect(new Set(keys).size).toBe(keys.length);
    const again = await runChanged(
      (copy) => {
        copy.editStack('site', { tags: { a: 'b' } });
      },
      { exclusively: 'true' },
    );
    expect(findInputs(again, 'PutObject')).toEqual([]);
    expect(again.log).toContain("Skipped upload of asset 'Code'");
  });

  it('narrows the capabilities, and takes the service role of the step', async () => {
    const deployed = await run({ capabilities: 'CAPABILITY_IAM', 'assembly-stacks': 'network' });
    expect(findInputs(deployed, 'CreateChangeSet')[0]).toMatchObject({ Capabilities: ['CAPABILITY_IAM'] });
  });
});

describe('other modes', () => {
  it('previews each stack, and names exports that do not exist yet', async () => {
    const preview = await run({ mode: 'preview' });
    expect(preview.failure).toBeUndefined();
    expect(getStates(preview)).toEqual({ network: 'changes', site: 'pending' });
    expect(preview.summary).toContain('which no stack exports yet');
  });

  it('deletes in reverse order, without publishing anything', async () => {
    await runChanged((copy) => copy.editStack('network', { terminationProtection: false }));
    const deleted = await run({ mode: 'delete' });
    expect(deleted.failure).toBeUndefined();
    const order = findInputs(deleted, 'DeleteStack').map(({ StackName }) => String(StackName).split('/')[1]);
    expect(order).toEqual(['site', 'network']);
    expect(deleted.writes).not.toContain('PutObject');
  });

  it('detects drift with the deploy role', async () => {
    await run();
    expect(getStates(await run({ mode: 'drift' }))).toEqual({ network: 'in-sync', site: 'in-sync' });
  });
});

describe('stacks without resources', () => {
  const removeResources = (copy: ApplicationCopy): void =>
    copy.edit('network.template.json', (template) => {
      template.Resources = {};
    });
  const inputs = { 'assembly-stacks': 'network', exclusively: 'true' };

  it('are skipped if they do not exist, and deleted only on request', async () => {
    const skipped = await runChanged(removeResources, inputs);
    expect(getStates(skipped)).toEqual({ network: 'unchanged' });
    await runChanged((copy) => copy.editStack('network', { terminationProtection: false }), inputs);
    const rejected = await runChanged(removeResources, inputs);
    expect(rejected.failure).toContain('set delete-empty-stacks: true to delete it');
    const preview = await runChanged(removeResources, { ...inputs, mode: 'preview', 'delete-empty-stacks': 'true' });
    expect(preview.summary).toContain('a deployment deletes the stack');
    const deleted = await runChanged(removeResources, { ...inputs, 'delete-empty-stacks': 'true' });
    expect(deleted.failure).toBeUndefined();
    expect(deleted.writes).toContain('DeleteStack');
  });
});

describe('roles', () => {
  it('are assumed with external id and session tags', async () => {
    const deployed = await runChanged(
      (copy) =>
        copy.editStack('network', {
          assumeRoleExternalId: 'shared-secret',
          assumeRoleAdditionalOptions: {
            Tags: [{ Key: 'team', Value: '${AWS::Region}' }],
            TransitiveTagKeys: ['team'],
          },
        }),
      { 'assembly-stacks': 'network' },
    );
    expect(deployed.failure).toBeUndefined();
    expect(findInputs(deployed, 'AssumeRole')).toContainEqual(
      expect.objectContaining({
        RoleArn: `arn:aws:iam::123456789012:role/${getRoleName('deploy')}`,
        ExternalId: 'shared-secret',
        Tags: [{ Key: 'team', Value: REGION }],
        TransitiveTagKeys: ['team'],
      }),
    );
    expect(deployed.host.recorded.masked.length).toBeGreaterThan(0);
  });

  const withOtherRole = (copy: ApplicationCopy): void =>
    copy.editStack('network', { assumeRoleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-unknown' });

  it('that cannot be assumed are an error', async () => {
    const failed = await runChanged(withOtherRole, { 'assembly-stacks': 'network' });
    expect(failed.failure).toContain('cannot assume role arn:aws:iam::123456789012:role/cdk-unknown');
    expect(failed.writes).not.toContain('CreateChangeSet');
  });

  it('that cannot be assumed are replaced by the credentials of the step with role-fallback: warn', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' });
    try {
      const inputs = { 'assembly-stacks': 'network', 'role-fallback': 'warn' };
      const env = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
      using copy = new ApplicationCopy();
      withOtherRole(copy);
      for (const name of ['network.assets.json']) {
        copy.edit(name, ({ files = {} }) => {
          for (const { destinations } of Object.values(files)) {
            for (const destination of Object.values(destinations)) delete destination['assumeRoleArn'];
          }
        });
      }
      const deployed = await harness.deploy({ name: '', assembly: copy.path, ...inputs }, { env });
      expect(deployed.failure).toBeUndefined();
      expect(deployed.log).toContain('Continuing with the credentials of the step');
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
    }
  });

  it('lack permissions that inputs ask for: a warning before the deployment', async () => {
    const deployed = await run({ 'on-cancel': 'rollback', 'assembly-stacks': 'network' });
    expect(deployed.failure).toBeUndefined();
    expect(deployed.log).toContain('does not allow cloudformation:CancelUpdateStack');
  });

  it('are assumed again by the post step', async () => {
    const controller = new AbortController();
    const before = harness.aws.calls().length;
    const inputs = { name: '', assembly: 'cdk.tgz', 'assembly-stacks': 'network', 'on-cancel': 'rollback' };
    const running = harness.deploy(inputs, { signal: controller.signal });
    const hasStarted = () =>
      harness.aws
        .calls()
        .slice(before)
        .some(({ operation }) => operation === 'ExecuteChangeSet');
    while (!hasStarted()) await new Promise((resolve) => setImmediate(resolve));
    await harness.wait(1);
    controller.abort('the job was cancelled');
    const { host } = await running;
    const after = await harness.post(host.recorded.state);
    expect(after.writes).toContain('DeleteStack');
    expect(after.calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });
});

describe('an environment', () => {
  it.each([
    [
      { requiresBootstrapStackVersion: 99 },
      'has the bootstrap version 25, but 99 is required: run cdk bootstrap aws://123456789012/eu-central-1',
    ],
    [{ bootstrapStackVersionSsmParameter: '/cdk-bootstrap/hnb659fds/version/none' }, 'cdk bootstrap'],
  ])('with an old or no bootstrap stack is an error: %j', async (properties, message) => {
    const failed = await runChanged((copy) => copy.editStack('network', properties), { 'assembly-stacks': 'network' });
    expect(failed.failure).toContain(message.includes('99') ? message : 'bootstrap');
    expect(failed.writes).not.toContain('PutObject');
  });
});

describe('contradictory inputs', () => {
  it.each<[Values, string]>([
    [{ name: 'shop' }, "'name' and 'assembly' cannot be combined"],
    [{ stacks: '[{name: a}]' }, "'stacks' and 'assembly' cannot be combined"],
    [{ template: 'a.json' }, "'template' and 'assembly' cannot be combined"],
    [{ wait: 'false' }, 'wait: false is not available'],
    [{ parameters: 'Sise=large' }, "no selected stack has the parameter 'Sise'"],
    [{ 'assembly-stacks': 'nothing' }, "no stack matches 'nothing'"],
    [{ assembly: 'no-such-directory' }, "'no-such-directory' does not exist"],
  ])('%j', async (inputs, message) => {
    const failed = await run(inputs);
    expect(failed.failure).toContain(message);
    expect(failed.writes).toEqual([]);
  });
});
