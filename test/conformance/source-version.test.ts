import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect, it } from '@jest/globals';
import { readOutcome } from './account.js';
import { describeOnEmulators } from './reference-emulator.js';

describeOnEmulators('versions of configuration sources', (suite) => {
  it('a parameter’s version increases with every value', async () => {
    const { ssm: client } = suite.emulator.account;
    const put = (Value: string, Overwrite: boolean) =>
      client.send(new PutParameterCommand({ Name: '/shop/limits', Value, Type: 'String', Overwrite }));
    expect(await put('one', false)).toMatchObject({ Version: 1 });
    expect(await readOutcome(put('two', false))).toMatch(/^ParameterAlreadyExists/);
    expect(await put('two', true)).toMatchObject({ Version: 2 });
    const { Parameter } = await client.send(new GetParameterCommand({ Name: '/shop/limits' }));
    expect(Parameter).toMatchObject({ Name: '/shop/limits', Value: 'two', Version: 2 });
    expect(await readOutcome(client.send(new GetParameterCommand({ Name: '/shop/none' })))).toMatch(
      /^ParameterNotFound/,
    );
  });

  it('an object has a version id only in a bucket with versioning', async () => {
    const { s3 } = suite.emulator.account;
    const object = { Bucket: 'configuration-of-the-conformance-suite', Key: 'shop/limits.json' };
    const location = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };
    await s3.send(new CreateBucketCommand({ Bucket: object.Bucket, ...location }));
    await s3.send(new PutObjectCommand({ ...object, Body: 'zero' }));
    expect((await s3.send(new HeadObjectCommand(object))).VersionId ?? 'null').toBe('null');
    const versioning = { VersioningConfiguration: { Status: 'Enabled' as const } };
    await s3.send(new PutBucketVersioningCommand({ Bucket: object.Bucket, ...versioning }));
    const put = async (Body: string) => (await s3.send(new PutObjectCommand({ ...object, Body }))).VersionId;
    const [first, second] = [await put('one'), await put('one')];
    expect(first).toMatch(/^\S{8,}$/);
    expect(second).not.toBe(first);
    expect((await s3.send(new HeadObjectCommand(object))).VersionId).toBe(second);
  });
});
