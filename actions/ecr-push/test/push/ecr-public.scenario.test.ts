import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage, createIndex, createLayer } from '../../../../packages/oci/test/image-fixtures.js';
import { Harness, type HarnessOptions, withHarness } from '../harness.js';

const REPOSITORIES = ['octo/app', 'octo/web'];

const options = (overrides: HarnessOptions = {}): HarnessOptions => ({
  allowed: ['public'],
  'ecr-public': { repositories: REPOSITORIES },
  ...overrides,
});

describe('registry-type: public', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open(options());
  });
  afterEach(() => harness.close());

  const createInputs = (on: Harness, overrides: Readonly<Record<string, string>>) => ({
    'registry-type': 'public',
    'registry-endpoint': `http://public.ecr.localhost:${new URL(on.aws.url).port}`,
    ...overrides,
  });
  const run = (overrides: Readonly<Record<string, string>>, on = harness) =>
    on.run({ inputs: createInputs(on, overrides) });

  it('pushes with the login and the permissions for ECR Public only', async () => {
    const image = createImage({ layers: [createLayer('base'), createLayer('top')] });
    const source = await harness.writeLayout('build', image);
    const { failures, outputs, operations, calls } = await run({ source, repository: 'octo/app', tags: '1.0, latest' });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({
      digest: image.manifest.digest,
      'image-uri': `public.ecr.aws/octo/app@${image.manifest.digest}`,
      'image-uris': JSON.stringify(['public.ecr.aws/octo/app:1.0', 'public.ecr.aws/octo/app:latest']),
      registry: 'public.ecr.aws',
      pushed: 'true',
    });
    expect(calls[0]).toMatchObject({ service: 'ecr-public', operation: 'GetAuthorizationToken', region: 'us-east-1' });
    expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(3);
    expect(operations.filter((name) => name === 'GetToken')).toHaveLength(1);
  });

  it('skips an existing image with at most four requests', async () => {
    const source = await harness.writeLayout('build', createImage());
    await run({ source, repository: 'octo/app', tags: '1.0' });
    const { outputs, operations } = await run({ source, repository: 'octo/app', tags: '1.0' });
    expect(outputs['pushed']).toBe('false');
    // The first request gets the challenge.
    expect(operations).toEqual(['GetAuthorizationToken', 'GetManifest', 'GetToken', 'GetManifest']);
  });

  it('checks an index, and pulls all of it', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    const source = await harness.writeLayout('build', { index, images });
    expect((await run({ mode: 'check', repository: 'octo/app', tags: '1.0' })).outputs['exists']).toBe('false');
    await run({ source, repository: 'octo/app', tags: '1.0' });
    const checked = await run({ mode: 'check', repository: 'octo/app', tags: '1.0' });
    expect(checked.outputs).toMatchObject({ exists: 'true', digest: index.digest });
    const named = { source: `docker://public.ecr.aws/octo/app@${index.digest}`, destination: 'oci:pulled' };
    const pulled = await run({ mode: 'pull', ...named });
    expect(pulled.failures).toEqual([]);
    expect(pulled.outputs['digest']).toBe(index.digest);
  });

  it('logs engines in under the registry’s host', async () => {
    const { failures, outputs, recorded } = await run({ mode: 'login' });
    expect(failures).toEqual([]);
    expect(outputs['docker_username_public_ecr_aws']).toBe('AWS');
    expect(recorded.masked).toContain(outputs['docker_password_public_ecr_aws']);
  });

  it('reports a missing repository with a hint', async () => {
    const source = await harness.writeLayout('build', createImage());
    const { failures } = await run({ source, repository: 'octo/none', tags: '1.0' });
    expect(failures[0]).toContain(
      "repository 'octo/none' not found in public.ecr.aws: create it, or set create-repository: true",
    );
  });

  const create = { repository: 'octo/team/new', tags: '1.0', 'create-repository': 'true' };

  it('creates a missing repository once, in us-east-1', async () => {
    const source = await harness.writeLayout('build', createImage());
    const first = await run({ ...create, source, 'repository-tags': 'team=red' });
    expect(first.failures).toEqual([]);
    expect(first.log).toContain('Created repository public.ecr.aws/octo/team/new');
    expect(first.calls.find(({ operation }) => operation === 'CreateRepository')).toMatchObject({
      service: 'ecr-public',
      region: 'us-east-1',
      input: { repositoryName: 'team/new', tags: [{ Key: 'team', Value: 'red' }] },
    });
    const second = await run({ ...create, source });
    expect(second.outputs['pushed']).toBe('false');
    expect(second.operations).not.toContain('CreateRepository');
  });

  it('creates a repository once when the response is lost', async () => {
    const source = await harness.writeLayout('build', createImage());
    harness.aws.setFaults([{ fault: 'lost-reply', operation: 'CreateRepository', calls: 1 }]);
    const { failures, outputs } = await run({ ...create, source });
    expect(failures).toEqual([]);
    expect(outputs['pushed']).toBe('true');
  });

  it('names the alias when the repository exists in the registry under another one', async () => {
    const source = await harness.writeLayout('build', createImage());
    const { failures } = await run({ ...create, source, repository: 'other/app' });
    expect(failures[0]).toContain(
      "repository 'other/app' not found in public.ecr.aws: correct the alias of the registry",
    );
  });

  it.each(['tag-mutability', 'scan-on-push', 'encryption', 'lifecycle-policy', 'repository-policy'])(
    'rejects %s, which ECR Public does not have',
    async (name) => {
      const values: Readonly<Record<string, string>> = { 'tag-mutability': 'IMMUTABLE', encryption: 'KMS' };
      const value = name === 'scan-on-push' ? 'true' : (values[name] ?? '{}');
      const { failures } = await run({ source: 'oci:build', repository: 'octo/app', [name]: value });
      expect(failures[0]).toContain(`input '${name}' is not available for ECR Public`);
    },
  );

  it('renews a token that expires during a push', async () => {
    const short = options({ 'ecr-public': { repositories: REPOSITORIES, tokenLifetime: '1s' } });
    await withHarness(short, async (other) => {
      const image = createImage({ layers: [createLayer('base'), createLayer('top')] });
      const source = await other.writeLayout('build', image);
      other.aws.setFaults([{ fault: 'latency', by: '1100ms', operation: 'PutUpload', calls: '1-2' }]);
      const { failures, outputs, operations } = await run({ source, repository: 'octo/app', tags: '1.0' }, other);
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
      expect(operations.filter((name) => name === 'GetAuthorizationToken').length).toBeGreaterThan(1);
    });
  });

  it('reports the missing permission sts:GetServiceBearerToken', async () => {
    await withHarness(options({ allowed: ['always', 'push'] }), async (other) => {
      const { failures } = await run({ mode: 'login' }, other);
      expect(failures[0]).toContain('ecr-public:GetAuthorizationToken');
    });
  });
});
