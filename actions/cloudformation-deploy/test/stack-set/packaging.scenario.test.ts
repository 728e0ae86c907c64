import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { TestHarness } from '../harness.js';
import { deploySet, openStackSets, REGIONS } from './stack-set-harness.js';

let harness: TestHarness;
beforeEach(async () => {
  harness = await openStackSets();
  mkdirSync(join(harness.workspace, 'src'));
  harness.write('src/index.mjs', 'export const handler = () => 1;\n');
});
afterEach(() => harness.close());

const createBucket = async (region: string): Promise<void> => {
  const { url: endpoint } = harness.aws;
  const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  const configuration =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } };
  await client.send(new CreateBucketCommand({ Bucket: `artifacts-${region}`, ...configuration }));
  client.destroy();
};

const template = JSON.stringify({
  Resources: {
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: 'src', Handler: 'index.handler', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::1:role/a' },
    },
  },
});
const inputs = { template, 's3-bucket': 'artifacts-{region}' };

it('stores the artifacts of a stack set in the bucket of each Region', async () => {
  for (const region of REGIONS) await createBucket(region);
  const run = await deploySet(harness, inputs);
  expect(run.failure).toBeUndefined();
  const objects = run.calls.filter(({ operation }) => operation === 'PutObject').map(({ input }) => input);
  const archives = objects.filter(({ Key }) => String(Key).endsWith('.zip'));
  expect(archives.map(({ Bucket }) => Bucket)).toEqual(REGIONS.map((region) => `artifacts-${region}`));
  expect(new Set(archives.map(({ Key }) => Key)).size).toBe(1);
  // The template itself is read from the Region of the deployment.
  const body = run.calls.find(({ operation }) => operation === 'CreateStackSet')?.input['TemplateURL'];
  expect(body).toContain('artifacts-eu-central-1');
  expect((await deploySet(harness, inputs)).writes).toEqual([]);
  const preview = await deploySet(harness, { ...inputs, mode: 'preview', regions: 'eu-central-1' });
  expect(preview.failure).toBeUndefined();
});

it('names the bucket that is missing in one of the Regions', async () => {
  await createBucket('eu-central-1');
  const run = await deploySet(harness, inputs);
  expect(run.failure).toContain('bucket artifacts-us-east-1 does not exist');
  expect(run.writes).not.toContain('CreateStackSet');
});

it.each([
  [{ 's3-bucket': 'artifacts' }, 'such as artifacts-{region}'],
  [
    { template: template.replace('{', '{"Transform":"AWS::LanguageExtensions",') },
    'is not packaged for several Regions',
  ],
])('rejects local artifacts that not every Region can read: %j', async (own, message) => {
  const run = await deploySet(harness, { ...inputs, ...own });
  expect(run.failure).toContain(message);
  expect(run.writes).toEqual([]);
});
