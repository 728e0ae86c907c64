import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import { type Harness, type HarnessOptions, type RunResult, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };
const TREE = { 'config/tenants/shop/dev/Other.txt': 'x' };

const GRANTED: HarnessOptions = {
  allowed: ['always', 'rollout', 'resource creation', 'external profiles'],
  ssm: { parameters: { '/shop/limits': '{"rate": 1}' }, documents: { limits: '3' } },
  secretsmanager: { shop: { token: 'one' } },
};

const createSettings = (location: string): Readonly<Record<string, string>> => ({
  'config/appconfig.yml': `profiles:\n  Elsewhere:\n    location: ${location}\n    retrieval-role-arn: arn:aws:iam::123456789012:role/read\n`,
});

const listDeployedVersions = ({ calls }: RunResult): readonly unknown[] =>
  calls.flatMap(({ operation, input }) => (operation === 'StartDeployment' ? [input['ConfigurationVersion']] : []));

const runRollout = (harness: Harness): Promise<RunResult> =>
  harness.run({ inputs: { ...FAST, profiles: 'Elsewhere' } });

/** Deploys a source, checks that a second run changes nothing, updates it and deploys again. Returns the versions. */
const rollOutTwiceAndChange = async (harness: Harness, location: string, update: () => Promise<unknown>) => {
  await harness.write(createSettings(location));
  const [first, second] = [await runRollout(harness), await runRollout(harness)];
  expect([...first.failures, ...second.failures]).toEqual([]);
  expect(second.writes).toEqual([]);
  expect(second.outputs).toMatchObject({ skipped: '1' });
  await update();
  const third = await runRollout(harness);
  expect(third.failures).toEqual([]);
  return [first, third].flatMap(listDeployedVersions);
};

describe('an external profile, with the permissions of its group', () => {
  it('in an SSM parameter is deployed again for a new version', () =>
    withHarness(
      async (harness) => {
        const ssm = new SSMClient(harness.rootClientOptions);
        const put = new PutParameterCommand({ Name: '/shop/limits', Value: '{"rate": 2}', Overwrite: true });
        expect(await rollOutTwiceAndChange(harness, 'ssm-parameter:///shop/limits', () => ssm.send(put))).toEqual([
          '1',
          '2',
        ]);
      },
      GRANTED,
      TREE,
    ));

  it('in an SSM document is deployed at its default version', () =>
    withHarness(
      async (harness) => {
        expect(await rollOutTwiceAndChange(harness, 'ssm-document://limits', async () => {})).toEqual(['3']);
      },
      GRANTED,
      TREE,
    ));

  it('in a secret is deployed again after a rotation', () =>
    withHarness(
      async (harness) => {
        const client = new SecretsManagerClient(harness.rootClientOptions);
        const rotate = () => client.send(new PutSecretValueCommand({ SecretId: 'shop', SecretString: 'two' }));
        const [before, after] = await rollOutTwiceAndChange(harness, 'secretsmanager://shop', rotate);
        expect(before).toMatch(/^[0-9a-f-]{36}$/);
        expect(after).toMatch(/^[0-9a-f-]{36}$/);
        expect(after).not.toBe(before);
      },
      GRANTED,
      TREE,
    ));

  it('in S3 is deployed again for a new object version', () =>
    withHarness(
      async (harness) => {
        const s3 = new S3Client({ ...harness.rootClientOptions, forcePathStyle: true });
        const object = { Bucket: 'config-bucket', Key: 'shop/limits.json' };
        const put = async (Body: string) => (await s3.send(new PutObjectCommand({ ...object, Body }))).VersionId;
        await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
        await s3.send(
          new PutBucketVersioningCommand({ Bucket: object.Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
        );
        const versions = [await put('{"rate": 1}')];
        const update = async () => versions.push(await put('{"rate": 2}'));
        expect(await rollOutTwiceAndChange(harness, 's3://config-bucket/shop/limits.json', update)).toEqual(versions);
        expect(new Set(versions).size).toBe(2);
      },
      GRANTED,
      TREE,
    ));

  it('in a bucket without versioning needs a version in the settings', () =>
    withHarness(
      async (harness) => {
        const s3 = new S3Client({ ...harness.rootClientOptions, forcePathStyle: true });
        await s3.send(new CreateBucketCommand({ Bucket: 'config-bucket' }));
        await s3.send(new PutObjectCommand({ Bucket: 'config-bucket', Key: 'limits.json', Body: '{}' }));
        await harness.write(createSettings('s3://config-bucket/limits.json'));
        const { failures, writes } = await runRollout(harness);
        expect(failures[0]).toContain("'s3://config-bucket/limits.json' has no version: set 'version'");
        expect(writes).toEqual([]);
      },
      GRANTED,
      TREE,
    ));

  it.each([
    'ssm-parameter:///shop/limits',
    'ssm-document://limits',
    'secretsmanager://shop',
    's3://bucket/limits.json',
  ])('without read permission is named in the error, and nothing starts: %s', (location) =>
    withHarness(
      async (harness) => {
        await harness.write(createSettings(location));
        const { failures, writes } = await runRollout(harness);
        expect(failures[0]).toMatch(
          new RegExp(`^shop/dev Elsewhere: cannot read the version of '${location}': .*(?:AccessDenied|403)`),
        );
        expect(writes).toEqual([]);
      },
      { ...GRANTED, allowed: ['always', 'rollout', 'resource creation'] },
      TREE,
    ),
  );
});

describe('the settings of a tree', () => {
  it('deploy an external profile at their version', () =>
    withHarness(async (harness) => {
      const settings =
        'profiles:\n  Secrets:\n    location: secretsmanager://shop\n    version: v1\n    retrieval-role-arn: arn:aws:iam::123456789012:role/read\n';
      await harness.write({ 'config/appconfig.yml': settings });
      const inputs = { ...FAST, profiles: 'Secrets', tenants: 'acme', environments: 'dev' };
      const { failures, calls } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      expect(calls.find(({ operation }) => operation === 'CreateConfigurationProfile')?.input).toMatchObject({
        LocationUri: 'secretsmanager://shop',
        RetrievalRoleArn: 'arn:aws:iam::123456789012:role/read',
      });
      expect(calls.find(({ operation }) => operation === 'StartDeployment')?.input).toMatchObject({
        ConfigurationVersion: 'v1',
      });
      expect((await harness.run({ inputs })).writes).toEqual([]);
    }));
});
