import { pathToFileURL } from 'node:url';
import { createS3Error, FakeS3 } from '@aws-delivery/aws/testing/fake-s3';
import { describe, expect, it } from '@jest/globals';
import { readParameters } from '../../src/parameters/read-parameters.js';
import { Workspace } from '../workspace.js';

const s3 = new FakeS3({ account: '111122223333' });

const readValues = async (workspace: Workspace, parameters: string | undefined, ...parameterFiles: string[]) => {
  const { assignments, ...others } = await readParameters(
    { parameters, parameterFiles },
    workspace.createSourceReader(s3),
  );
  const values = [...assignments].map(([name, assignment]) => [
    name,
    assignment.kind === 'value' ? assignment.value : '<previous>',
  ]);
  return { ...others, values: Object.fromEntries(values) };
};

describe('readParameters', () => {
  it('prefers later files, and the input over all files', async () => {
    using workspace = new Workspace({
      'base.yml': 'A: base\nB: base\nC: base\nD: base\n',
      'env/prod.json': '{"Parameters": {"B": "prod", "C": "prod"}, "Tags": {"env": "prod", "team": "x"}}',
      'more.json': '[{"ParameterKey": "D", "UsePreviousValue": true}]',
    });
    expect(await readValues(workspace, 'C=input', 'base.yml', 'env/prod.json', 'more.json')).toEqual({
      values: { A: 'base', B: 'prod', C: 'input', D: '<previous>' },
      tags: new Map([
        ['env', 'prod'],
        ['team', 'x'],
      ]),
      stackPolicy: undefined,
    });
  });

  it('merges tags and uses the last stack policy', async () => {
    using workspace = new Workspace({
      'a.json': '{"Tags": {"a": "1", "b": "1"}, "StackPolicy": {"Statement": [1]}}',
      'b.json': '{"Tags": {"b": "2"}, "StackPolicy": {"Statement": [2]}}',
      'c.json': '{"Parameters": {}}',
    });
    expect(await readValues(workspace, undefined, 'a.json', 'b.json', 'c.json')).toMatchObject({
      tags: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
      stackPolicy: '{"Statement":[2]}',
    });
  });

  it('reads an absolute file URL, and a relative one as in the AWS CLI', async () => {
    using workspace = new Workspace({ 'params/p.json': '["A=1"]' });
    expect((await readValues(workspace, pathToFileURL(workspace.resolvePath('params/p.json')).href)).values).toEqual({
      A: '1',
    });
    expect((await readValues(workspace, ' file://params/p.json\n')).values).toEqual({ A: '1' });
    expect((await readValues(workspace, undefined, 'file://params/p.json')).values).toEqual({ A: '1' });
  });

  it('does not read a value as a reference', async () => {
    using workspace = new Workspace();
    expect((await readValues(workspace, 'Url=https://example.com/x,File=file:///x')).values).toEqual({
      Url: 'https://example.com/x',
      File: 'file:///x',
    });
  });

  it('reads an object in S3', async () => {
    using workspace = new Workspace();
    const own = new FakeS3({ account: '111122223333' });
    own.addBucket('shop').objects.set('p.json', { bytes: Buffer.from('\u{feff}{"A": "1"}'), kmsKeyId: undefined });
    const options = { parameters: 'https://shop.s3.eu-west-1.amazonaws.com/p.json', parameterFiles: [] };
    expect((await readParameters(options, workspace.createSourceReader(own))).assignments.get('A')).toEqual({
      kind: 'value',
      value: '1',
      location: { startLine: 1 },
    });
  });

  it.each([
    ['absent', 'not-found', /^'absent' does not exist: correct the path/],
    [
      'https://example.com/p.json',
      'invalid-input',
      /'https:\/\/example.com\/p.json' is not the URL of an S3 object: use s3:/,
    ],
    ['http://b.s3.amazonaws.com/p', 'invalid-input', /is not the URL of an S3 object/],
    ['large.json', 'rejected', /'large.json' has 1048577 bytes: at most 1048576 are allowed/],
    ['folder', 'rejected', /folder.* is a directory: use a regular file/],
    ['broken.json', 'invalid-input', /^broken\.json:1: /],
    ['s3://absent/key', 'not-found', /cannot read s3:\/\/absent\/key: NoSuchBucket.*Correct the bucket and the key/],
  ])('reports %s', async (reference, code, message) => {
    using workspace = new Workspace({ 'large.json': ' '.repeat(1_048_577), 'folder/x': '', 'broken.json': '{"A"' });
    await expect(readValues(workspace, undefined, reference)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['AccessDenied', 403, 'denied', 'Grant s3:GetObject on the object'],
    ['PermanentRedirect', 301, 'rejected', 'The bucket is in another Region'],
    ['SlowDown', 503, 'unavailable', 'Rerun the job'],
  ])('reports the S3 error %s with a hint', async (name, status, code, hint) => {
    using workspace = new Workspace();
    const own = new FakeS3({ account: '111122223333' });
    own.failNext('get', createS3Error(name, status));
    await expect(
      readParameters({ parameters: undefined, parameterFiles: ['s3://b/k'] }, workspace.createSourceReader(own)),
    ).rejects.toMatchObject({ code, message: expect.stringContaining(hint) });
  });
});
