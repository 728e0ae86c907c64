import { readFileSync, writeFileSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { ArtifactStore } from '@aws-delivery/aws/s3/artifact-store';
import { FakeS3 } from '@aws-delivery/aws/testing/fake-s3';
import { describe, expect, it } from '@jest/globals';
import { packageTemplate } from '../../src/template/packaging.js';
import { planPackaging } from '../../src/template/packaging-plan.js';
import { createFileTemplateSource } from '../../src/template/template-source.js';
import { Workspace } from '../workspace.js';
import {
  describeValue,
  files,
  formatProperty,
  properties,
  renderPackagingTable,
  renderTemplate,
  runTools,
  type ToolResults,
} from './packaging-tools.js';

const resultsFile = new URL('packaging-tools.json', import.meta.url);

const readResults = (): ToolResults => JSON.parse(readFileSync(resultsFile, 'utf8'));

/** Needs awscli and aws-sam-cli (PyPI) on the path; `missing` runs them only for properties that the file lacks. */
const update = process.env['UPDATE_PACKAGING_TOOLS'];
if (update) {
  const known = update === 'missing' ? readResults() : {};
  writeFileSync(resultsFile, `${JSON.stringify(await runTools(known), null, 2)}\n`);
}

const results = readResults();

const pack = async (body: string) => {
  using workspace = new Workspace({ ...files, 'template.json': body });
  const s3 = new FakeS3({ account: '111122223333' });
  s3.addBucket('bucket');
  const sourceReader = workspace.createSourceReader(s3);
  const plan = await planPackaging(
    createFileTemplateSource(await sourceReader.readFile('template.json')),
    sourceReader,
  );
  const destination = {
    bucket: 'bucket',
    owner: '111122223333',
    region: 'eu-central-1',
    prefix: '',
    kmsKeyId: undefined,
  };
  const store = new ArtifactStore(destination, { s3, clock: new VirtualClock() });
  return await packageTemplate(plan, store, {
    concurrency: 1,
    tempDirectory: workspace.path,
    workspace: workspace.path,
  });
};

describe('packaging by this action, the AWS CLI and SAM', () => {
  it('has the result of both tools for each property', () => {
    expect(Object.keys(results)).toEqual(properties.map(formatProperty));
  });

  it.each(properties)('is the same for $owner $property', async (packaged) => {
    const { body, artifacts } = await pack(renderTemplate(packaged));
    const value = describeValue(JSON.parse(body), packaged);
    const tools = Object.values(results[formatProperty(packaged)] ?? {}).filter(
      ({ value: form }) => form !== 'unchanged' && form !== 'rejected',
    );
    expect(artifacts).toHaveLength(value === 'unchanged' ? 0 : 1);
    if (tools.length === 0) return;
    for (const form of tools) expect(value).toBe(form.value);
  });

  it('is in the table of the README', async () => {
    const ownForms: Record<string, string> = {};
    for (const packaged of properties) {
      const { body } = await pack(renderTemplate(packaged));
      ownForms[formatProperty(packaged)] = describeValue(JSON.parse(body), packaged);
    }
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(renderPackagingTable(results, ownForms));
  });
});
