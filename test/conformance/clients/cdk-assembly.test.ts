import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle, hasProgram } from '../../required-programs.js';
import { readOutput, Workspace } from '../workspace.js';
import { ACCOUNT, ClientAccount, REGION } from './client-account.js';

/** The application names this Region for its stage; its other stacks have none. */
const STAGE_REGION = 'eu-central-1';
const STACKS = { network: REGION, site: REGION, 'Prod-network': STAGE_REGION, 'Prod-site': STAGE_REGION };
const KEYS = { accessKeyId: 'AKIADEV', secretAccessKey: 'secret' };
const APPLICATION = resolve('actions/cloudformation-deploy/test/assembly/application');

const cdk = findProgram('cdk') ?? '';

const runCdk = (account: ClientAccount, ...args: readonly string[]): Promise<string> => {
  const options = ['--no-notices', '--no-version-reporting', '--no-color'];
  return account.run(process.execPath, [cdk, ...options, ...args]);
};

const bootstrap = async (account: ClientAccount): Promise<void> => {
  await runCdk(account, 'bootstrap', `aws://${ACCOUNT}/${REGION}`, `aws://${ACCOUNT}/${STAGE_REGION}`);
};

/** Synthesizes the application with aws-cdk-lib; a link to its modules is the only thing that it needs. */
const synthesize = async (account: ClientAccount): Promise<string> => {
  const directory = join(account.directory, 'application');
  cpSync(APPLICATION, directory, { recursive: true, verbatimSymlinks: true });
  symlinkSync(dirname(dirname(dirname(cdk))), join(directory, 'node_modules'));
  const output = join(account.directory, 'cdk.out');
  const app = `cd ${directory} && BOOTSTRAP_RULE=true OTHER_SYNTHESIZERS=true ${process.execPath} app.mjs`;
  await runCdk(account, 'synth', '--quiet', '--app', app, '--output', output);
  return output;
};

/** What a deployment left of a stack, without ids and times. */
const readStack = async ({ aws }: ClientAccount, name: string, region: string): Promise<unknown> => {
  const client = new CloudFormationClient({ endpoint: aws.url, region, credentials: KEYS });
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  const { TemplateBody: body } = await client.send(
    new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
  );
  const { StackResourceSummaries: resources = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: name }),
  );
  client.destroy();
  const outputs = stack?.Outputs?.map(({ OutputKey, ExportName }) => ({ OutputKey, ExportName }));
  return {
    status: stack?.StackStatus,
    ...{ parameters: stack?.Parameters, tags: stack?.Tags, capabilities: stack?.Capabilities, outputs },
    ...{ role: stack?.RoleARN, protection: stack?.EnableTerminationProtection, topics: stack?.NotificationARNs },
    ...{ rollback: stack?.DisableRollback, description: stack?.Description },
    // The CDK writes the templates that it does not upload as YAML.
    template: parse(body ?? '') as unknown,
    resources: resources.map(({ LogicalResourceId: id, ResourceType: type, ResourceStatus: status }) => [
      id,
      type,
      status,
    ]),
  };
};

/** The objects of an asset bucket: texts of files, and of the files in archives. */
const readObjects = async ({ aws }: ClientAccount, region: string): Promise<Readonly<Record<string, unknown>>> => {
  const s3 = new S3Client({ endpoint: aws.url, region, forcePathStyle: true, credentials: KEYS });
  const Bucket = `cdk-hnb659fds-assets-${ACCOUNT}-${region}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const objects: Record<string, unknown> = {};
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const toText = (content: Uint8Array): string => Buffer.from(content).toString('utf8');
    objects[Key] = Key.endsWith('.zip')
      ? Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, toText(content)]))
      : toText(bytes);
  }
  s3.destroy();
  return objects;
};

/** Stacks with the names of their outputs: values contain ids. The CDK leaves out stacks without outputs. */
const listOutputNames = (outputs: unknown): unknown =>
  Object.fromEntries(
    Object.entries(outputs as Readonly<Record<string, object>>)
      .map(([stack, values]) => [stack, Object.keys(values).toSorted()] as const)
      .filter(([, names]) => names.length > 0),
  );

/** An application that the current AWS CDK synthesizes, deployed by `cdk deploy` and by the action. */
declareUnless(findToolObstacle(['cdk']), describe)('a cloud assembly of the AWS CDK', () => {
  let byCdk: ClientAccount;
  let byAction: ClientAccount;
  let assembly: string;
  const workspace = new Workspace();

  const runAction = (inputs: Readonly<Record<string, string>>, env = {}): Promise<StepResult> =>
    workspace.run(
      'cloudformation-deploy',
      { assembly, 'aws-region': REGION, ...inputs },
      {
        ...byAction.aws.createEnv(),
        AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        PATH: process.env['PATH'] ?? '',
        ...env,
      },
    );

  beforeAll(async () => {
    [byCdk, byAction] = await Promise.all([ClientAccount.open(), ClientAccount.open()]);
    assembly = await synthesize(byAction);
    await Promise.all([bootstrap(byCdk), bootstrap(byAction)]);
  }, 600_000);

  afterAll(async () => {
    workspace[Symbol.dispose]();
    await Promise.all([byCdk.close(), byAction.close()]);
  });

  it('leaves the same stacks and objects as cdk deploy', async () => {
    const stacks = ['network', 'site', 'Prod/network', 'Prod/site'];
    const file = join(byCdk.directory, 'outputs.json');
    const options = ['--app', assembly, '--outputs-file', file, '--require-approval', 'never'];
    await runCdk(byCdk, 'deploy', ...options, ...stacks);
    const deployed = await runAction({ 'assembly-stacks': 'site\nProd/*' });
    expect(`${deployed.outcome}\n${readOutput(deployed)}`).toMatch(/^success\n/);
    for (const [name, region] of Object.entries(STACKS)) {
      expect([name, await readStack(byAction, name, region)]).toEqual([name, await readStack(byCdk, name, region)]);
    }
    for (const region of [REGION, STAGE_REGION]) {
      const objects = await readObjects(byCdk, region);
      expect(Object.keys(objects).length).toBeGreaterThan(3);
      expect(await readObjects(byAction, region)).toEqual(objects);
    }
    const outputs: unknown = JSON.parse(deployed.outputs['stack-outputs'] ?? '{}');
    expect(listOutputNames(outputs)).toEqual(listOutputNames(JSON.parse(readFileSync(file, 'utf8'))));
    expect(byAction.listRejectedCalls()).toEqual([]);
  }, 300_000);

  it('has nothing to do after cdk deploy, as cdk deploy after the action', async () => {
    const again = await runAction({ 'assembly-stacks': 'site\nProd/*' });
    expect(JSON.parse(again.outputs['stack-results'] ?? '{}')).toMatchObject({
      network: { result: 'unchanged' },
      'Prod/site': { result: 'unchanged' },
    });
    const output = await runCdk(byAction, 'deploy', '--app', assembly, '--require-approval', 'never', 'Prod/site');
    expect(output).toContain('(no changes)');
  }, 300_000);

  it('leaves the same stacks as cdk deploy with credentials in place of roles', async () => {
    const stacks = ['LegacyStackSynthesizer', 'CliCredentialsStackSynthesizer'];
    await runCdk(byCdk, 'deploy', '--app', assembly, '--require-approval', 'never', ...stacks);
    const deployed = await runAction({ 'assembly-stacks': stacks.join('\n') });
    expect(`${deployed.outcome}\n${readOutput(deployed)}`).toMatch(/^success\n/);
    for (const name of stacks)
      expect(await readStack(byAction, name, REGION)).toEqual(await readStack(byCdk, name, REGION));
    expect(await readObjects(byAction, REGION)).toEqual(await readObjects(byCdk, REGION));
  }, 300_000);

  const engine = ['buildah', 'podman'].find(hasProgram);

  declareUnless(engine === undefined ? 'not installed: buildah or podman' : undefined, it)(
    'has an image, which is built and pushed',
    async () => {
      const deployed = await runAction({ 'assembly-stacks': 'images' }, { CDK_DOCKER: engine ?? '' });
      expect(`${deployed.outcome}\n${readOutput(deployed)}`).toMatch(/^success\n/);
      expect(readOutput(deployed)).toContain("Pushed image asset 'Image'");
    },
  );
});
