import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readAssembly } from '../../src/assembly/read-assembly.js';
import { selectStacks } from '../../src/assembly/select-stacks.js';
import { ApplicationCopy } from './application-copy.js';

const read = async (change: (application: ApplicationCopy) => void) => {
  using application = new ApplicationCopy();
  change(application);
  const assembly = await readAssembly(application.path);
  return { ...assembly, selected: selectStacks(assembly, { patterns: ['site'], exclusively: false }) };
};

describe('readAssembly', () => {
  it('reads stacks, their dependencies and assets, also those of stages', async () => {
    const { stacks, notices } = await read(() => undefined);
    const site = stacks.find(({ displayName }) => displayName === 'Prod/site');
    expect(site).toMatchObject({
      stackName: 'Prod-site',
      environment: 'aws://123456789012/eu-central-1',
      needs: ['assembly-Prod/Prodnetwork6AD05649'],
    });
    expect(site?.assets.flatMap(({ files }) => files.map(({ displayName }) => displayName)).toSorted()).toEqual([
      'Code',
      'Data',
      'Nested Nested Stack Template',
      'Prod-site Template',
    ]);
    expect(notices).toEqual([]);
  });

  it('continues with a newer version and an unknown artifact, with notices', async () => {
    const { notices } = await read((application) =>
      application.edit('manifest.json', (manifest) => {
        manifest.version = '99.0.0';
        Object.assign(manifest.artifacts ?? {}, { other: { type: 'cdk:future' } });
      }),
    );
    expect(notices.join('\n')).toContain('version 99.0.0');
    expect(notices.join('\n')).toContain("artifact 'other' of the unknown type cdk:future");
  });

  it.each<[string, (application: ApplicationCopy) => void, string]>([
    [
      'an unknown property of a stack',
      (copy) => copy.editStack('site', { express: true }),
      "artifact 'site' has the unknown property 'express'",
    ],
    [
      'a property of another type',
      (copy) => copy.editStack('site', { tags: 'a=b' }),
      'has a tags that is not a object',
    ],
    [
      'an unknown property of an asset',
      (copy) =>
        copy.edit('site.assets.json', ({ files = {} }) => {
          for (const { source } of Object.values(files)) source['compression'] = 'zstd';
        }),
      "source has the unknown property 'compression'",
    ],
    [
      'an unknown property of a destination',
      (copy) =>
        copy.edit('site.assets.json', ({ files = {} }) => {
          for (const { destinations } of Object.values(files))
            for (const one of Object.values(destinations)) one['acl'] = 'x';
        }),
      "destination has the unknown property 'acl'",
    ],
    [
      'an artifact of an unknown type that a stack needs',
      (copy) =>
        copy.edit('manifest.json', ({ artifacts = {} }) => {
          Object.assign(artifacts, { gate: { type: 'cdk:gate' } });
          artifacts['site']?.dependencies?.push('gate');
        }),
      "depends on artifact 'gate', which has an unknown type",
    ],
    [
      'a template outside of the assembly',
      (copy) => copy.editStack('site', { templateFile: '../../etc/passwd' }),
      'passwd',
    ],
    [
      'a link that leads out',
      (copy) => {
        symlinkSync('/etc/hostname', join(copy.path, 'out.json'));
        copy.editStack('site', { templateFile: 'out.json' });
      },
      'leads out of the assembly',
    ],
    ['no JSON', (copy) => writeFileSync(join(copy.path, 'manifest.json'), '{'), 'is not valid JSON'],
    [
      'missing context',
      (copy) =>
        copy.edit('manifest.json', (manifest) => {
          manifest.missing = [{ key: 'vpc-provider:account=1', provider: 'vpc-provider', props: {} }];
        }),
      'the assembly lacks context values (vpc-provider:account=1)',
    ],
    [
      'an error of the application',
      (copy) =>
        copy.edit('manifest.json', ({ artifacts = {} }) => {
          Object.assign(artifacts['network'] ?? {}, {
            metadata: { '/network': [{ type: 'aws:cdk:error', data: 'the queue has no name' }] },
          });
        }),
      'reports an error for stack network (the queue has no name)',
    ],
    [
      'an image of the legacy synthesizer',
      (copy) =>
        copy.edit('manifest.json', ({ artifacts = {} }) => {
          Object.assign(artifacts['site'] ?? {}, {
            metadata: { '/site': [{ type: 'aws:cdk:asset', data: { path: 'image', packaging: 'container-image' } }] },
          });
        }),
      "the image asset 'image' of the legacy synthesizer",
    ],
  ])('rejects %s', async (_, change, message) => {
    await expect(read(change)).rejects.toThrow(message);
  });

  it('names what to set where there is no manifest', async () => {
    await expect(readAssembly('/nonexistent')).rejects.toThrow("set 'assembly' to the output directory of cdk synth");
  });
});
