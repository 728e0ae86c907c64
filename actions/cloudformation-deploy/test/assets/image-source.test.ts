import { describe, expect, it } from '@jest/globals';
import { buildImageArgs } from '../../src/assets/image-engine.js';
import { parseTarballCommand } from '../../src/assets/image-source.js';

describe('parseTarballCommand', () => {
  const script = (path: string, pattern = '[^:]*'): string =>
    `docker load -i ${path} | tail -n 1 | sed "s/Loaded image${pattern}: //g"`;

  it.each<[readonly string[], string | undefined]>([
    [['sh', '-c', script('"$1"'), 'cdk-tarball-image-asset', 'asset.1.tar'], 'asset.1.tar'],
    [['sh', '-c', script('asset.1.tar')], 'asset.1.tar'],
    [['sh', '-c', script('../asset.1.tar', '')], '../asset.1.tar'],
    [['sh', '-c', script('asset.tar').replace('docker', 'podman')], 'asset.tar'],
    [['sh', '-c', script('"$1"'), 'cdk-tarball-image-asset'], undefined],
    [['sh', '-c', script('"$1"'), 'cdk-tarball-image-asset', 'a.tar', 'b.tar'], undefined],
    [['bash', '-c', script('asset.tar')], undefined],
    [['sh', '-c', script('asset.tar;reboot')], undefined],
    [['sh', '-c', script('$(reboot)')], undefined],
    [['sh', '-c', `${script('asset.tar')}; reboot`], undefined],
    [['sh', '-c', script('asset.tar'), 'name', 'other.tar'], undefined],
    [['docker', 'load', '-i', 'asset.tar'], undefined],
    [[], undefined],
  ])('%j: %s', (executable, expected) => {
    expect(parseTarballCommand(executable)).toBe(expected);
  });
});

describe('buildImageArgs', () => {
  it('are those of the CDK', () => {
    const source = {
      directory: 'asset.1',
      dockerFile: 'Dockerfile.prod',
      dockerBuildTarget: 'final',
      dockerBuildArgs: { LEVEL: 'info', NAME: 'a b' },
      dockerBuildContexts: { shared: '../shared' },
      dockerBuildSecrets: { token: 'src=token.txt' },
      dockerBuildSsh: 'default',
      networkMode: 'host',
      platform: 'linux/arm64',
      dockerOutputs: ['type=docker'],
      cacheFrom: [{ type: 'registry', params: { ref: 'cache:1' } }, { type: 'gha' }],
      cacheTo: { type: 'local', params: { dest: 'cache', mode: 'max' } },
      cacheDisabled: true,
    };
    expect(buildImageArgs(source, 'tag')).toEqual([
      ...['--build-arg', 'LEVEL=info', '--build-arg', 'NAME=a b', '--build-context', 'shared=../shared'],
      ...['--secret', 'id=token,src=token.txt', '--ssh', 'default', '--tag', 'tag', '--target', 'final'],
      ...['--file', 'Dockerfile.prod', '--network', 'host', '--platform', 'linux/arm64', '--output=type=docker'],
      ...['--cache-from', 'type=registry,ref=cache:1', '--cache-from', 'type=gha'],
      ...['--cache-to', 'type=local,dest=cache,mode=max', '--no-cache', '.'],
    ]);
    expect(buildImageArgs({ directory: 'a' }, 'tag')).toEqual(['--tag', 'tag', '.']);
  });
});
