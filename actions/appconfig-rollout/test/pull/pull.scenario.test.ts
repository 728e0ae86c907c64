import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, withHarness } from '../harness.js';

const FLAGS = '{"version":"1","flags":{"beta":{"name":"beta"}},"values":{"beta":{"enabled":true}}}';

interface DeployedProfile {
  readonly name: string;
  readonly content: string;
  readonly contentType?: string;
  readonly type?: string;
  readonly location?: string;
}

/** Deploys profiles as a user of the console does. */
const deployByHand = async (
  { foreignClient: client, clock }: Harness,
  application: string,
  profiles: readonly DeployedProfile[],
): Promise<void> => {
  const { Id: ApplicationId } = await client.send(new CreateApplicationCommand({ Name: application }));
  const { Id: EnvironmentId } = await client.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'prod' }));
  for (const { name, content, contentType = 'application/json', type = 'AWS.Freeform', location } of profiles) {
    const { Id: ConfigurationProfileId } = await client.send(
      new CreateConfigurationProfileCommand({
        ApplicationId,
        Name: name,
        LocationUri: location ?? 'hosted',
        Type: type,
        ...(location === undefined ? {} : { RetrievalRoleArn: 'arn:aws:iam::123456789012:role/read' }),
      }),
    );
    const ids = { ApplicationId, ConfigurationProfileId };
    if (location === undefined)
      await client.send(
        new CreateHostedConfigurationVersionCommand({
          ...ids,
          Content: Buffer.from(content),
          ContentType: contentType,
        }),
      );
    const version = { ConfigurationVersion: '1', DeploymentStrategyId: 'AppConfig.AllAtOnce' };
    await client.send(new StartDeploymentCommand({ ...ids, EnvironmentId, ...version }));
    await clock.advance(11 * MINUTE);
  }
};

const readTreeFile = (harness: Harness, path: string): Promise<string> =>
  readFile(join(harness.directory, 'config', path), 'utf8');

const PULL = { mode: 'pull' };

describe('mode: pull', () => {
  it('writes a new tree that a preview finds unchanged', () =>
    withHarness(
      async (harness) => {
        await deployByHand(harness, 'shop', [
          { name: 'Limits', content: 'rate: 010 # octal\n', contentType: 'application/x-yaml' },
          { name: 'Banner', content: 'Welcome\n', contentType: 'text/plain' },
          { name: 'Flags', content: FLAGS, type: 'AWS.AppConfig.FeatureFlags' },
        ]);
        const { failures, deployments, writes, summary, log } = await harness.run({ inputs: PULL });
        expect(failures).toEqual([]);
        expect(writes).toEqual([]);
        expect(deployments.map(({ profile, state }) => [profile, state]).sort()).toEqual([
          ['Banner', 'pulled'],
          ['Flags', 'pulled'],
          ['Limits', 'pulled'],
        ]);
        expect(await readTreeFile(harness, 'tenants/shop/prod/Limits.yaml')).toBe('rate: 010 # octal\n');
        expect(await readTreeFile(harness, 'tenants/shop/prod/Banner.txt')).toBe('Welcome\n');
        expect(await readTreeFile(harness, 'appconfig.yml')).toBe(
          'profiles:\n  "Flags": { type: AWS.AppConfig.FeatureFlags }\n',
        );
        expect(log).toContain('AppConfig pull: 3 written, 0 different, 0 unchanged');
        expect(summary).toContain('prod: 3 different');
        const preview = await harness.run({ inputs: { mode: 'preview' } });
        expect(preview.deployments.map(({ state }) => state)).toEqual(['unchanged', 'unchanged', 'unchanged']);
        const again = await harness.run({ inputs: PULL });
        expect(again.outputs).toMatchObject({ changed: '0', skipped: '3', failed: '0' });
      },
      {},
      {},
    ));

  it('shows differences, and replaces files only when asked', () =>
    withHarness(
      async (harness) => {
        await deployByHand(harness, 'shop', [
          { name: 'Limits', content: '{"rate": 20}' },
          { name: 'Names', content: '{"names": ["a"]}' },
        ]);
        const first = await harness.run({ inputs: PULL });
        expect(first.failures).toEqual([]);
        expect(first.log).toContain('! rate: 10 → 20');
        expect(first.summary).toContain("set 'overwrite: true' to replace them");
        expect(await readTreeFile(harness, 'tenants/shop/prod/Limits.yaml')).toBe('rate: 10\n');
        expect(await readTreeFile(harness, 'tenants/shop/prod/Names.json')).toBe('{"names": ["a"]}');
        const second = await harness.run({ inputs: { ...PULL, overwrite: 'true' } });
        expect(second.failures).toEqual([]);
        expect(await readTreeFile(harness, 'tenants/shop/prod/Limits.json')).toBe('{"rate": 20}');
        await expect(readTreeFile(harness, 'tenants/shop/prod/Limits.yaml')).rejects.toThrow('ENOENT');
        const preview = await harness.run({ inputs: { mode: 'preview' } });
        expect(preview.deployments.map(({ state }) => state)).toEqual(['unchanged', 'unchanged']);
      },
      {},
      { 'config/tenants/shop/prod/Limits.yaml': 'rate: 10\n' },
    ));

  it('writes no file outside of the tree, and names what it cannot pull', () =>
    withHarness(
      async (harness) => {
        await deployByHand(harness, 'shop', [
          { name: '../../../escape', content: '{}' },
          { name: 'Fine', content: '{}' },
        ]);
        const { failures, deployments } = await harness.run({ inputs: PULL });
        expect(failures[0]).toContain("the name '../../../escape' cannot be a file name");
        expect(deployments).toMatchObject([{ state: 'failed' }, { profile: 'Fine', state: 'pulled' }]);
        await expect(readFile(join(harness.directory, '..', 'escape.json'), 'utf8')).rejects.toThrow('ENOENT');
      },
      {},
      {},
    ));

  it.each([
    [{ tenants: 'nobody' }, "input 'tenants': 'nobody' not found"],
    [{ merge: 'deep' }, "'merge: deep' has no effect with 'mode: pull'"],
    [{ 'changed-since': 'main' }, "input 'changed-since' has no effect with 'mode: pull'"],
    [{ tree: '', application: 'a', environment: 'b', profile: 'c', file: 'd' }, "'mode: pull' requires 'tree'"],
  ])('is rejected for %j: %s', (inputs, message) =>
    withHarness(async (harness) => {
      expect((await harness.run({ inputs: { ...PULL, ...inputs } })).failures[0]).toContain(message);
    }),
  );
});

describe('mode: validate', () => {
  const VALIDATE = { mode: 'validate', 'aws-region': '' };

  it('passes for a valid tree without any call of AWS', () =>
    withHarness(async (harness) => {
      const { failures, calls, log, outputs } = await harness.run({ inputs: VALIDATE });
      expect(failures).toEqual([]);
      expect(calls).toEqual([]);
      expect(log).toContain('AppConfig validate: 7 configurations valid');
      expect(outputs).toMatchObject({ changed: '0', failed: '0' });
    }));

  it('fails for an invalid file, with its line', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 15}}}',
      });
      const { failures, log, calls } = await harness.run({ inputs: VALIDATE });
      expect(failures[0]).toContain('globex/dev');
      expect(log).toContain("'/rate' must be <= 15");
      expect(calls).toEqual([]);
    }));
});
