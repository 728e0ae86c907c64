import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { imageOf, indexOf, layerOf } from '../../actions/ecr-push/test/helpers/image.js';
import { Stage } from '../../actions/ecr-push/test/helpers/stage.js';
import { undergo } from './ordeal.js';
import { faultsOn, pick } from './schedule.js';

const stage = await Stage.open({
  ecr: { mounting: 'ENABLED', repositories: { mutable: {}, immutable: { mutability: 'IMMUTABLE' }, elsewhere: {} } },
});
afterAll(() => stage.close());

const platforms = ['amd64', 'arm64'].map((architecture) =>
  imageOf({ architecture, layers: [layerOf('a'), layerOf('b')] }),
);
const index = indexOf(platforms, ['amd64', 'arm64']);
await stage.layout('wanted', { index, images: platforms });
await stage.layout('before', imageOf({ command: 'before' }));

const registry = {
  service: 'registry',
  operations: ['GetManifest', 'HeadBlob', 'StartUpload', 'PutUpload', 'PutManifest', 'GetBlob', '*'],
  reads: [],
};
const api = { service: 'ecr', operations: ['GetAuthorizationToken', 'DescribeRepositories', '*'], reads: [] };

/** What the tag holds, and whether all of it is there; nobody disturbs this. */
const truth = async (repository: string) => {
  stage.aws.setFaults([]);
  await rm(join(stage.folder, 'pulled'), { recursive: true, force: true });
  const inputs = { mode: 'pull', repository, tags: '1.0', destination: 'oci:pulled' };
  const { outputs, failures } = await stage.run({ inputs });
  const isEmpty = failures[0]?.includes('has no image') === true;
  return { digest: outputs['digest'], isWhole: isEmpty || failures.length === 0 };
};

undergo({
  name: 'a tag holds what it held or the image that was wanted, whole, and a run that passes says which',
  seeds: 60,
  play: async (random) => {
    stage.aws.reset();
    const repository = pick(random, ['mutable', 'immutable']);
    if (pick(random, [true, false])) await stage.push('oci:before', { repository });
    const before = await truth(repository);
    const isPromoted = pick(random, [true, false]);
    if (isPromoted) await stage.push('oci:wanted', { repository: 'elsewhere', tags: 'x' });
    const source = isPromoted ? `docker://${stage.host}/elsewhere:x` : 'oci:wanted';
    const policy = pick(random, ['move', 'keep', 'fail']);
    const faults = faultsOn(random, pick(random, [registry, registry, api]));
    stage.aws.setFaults(faults);
    const { failures, outputs } = await stage.push(source, { repository, 'on-existing-tag': policy });
    const after = await truth(repository);
    const isPossible = [before.digest, index.digest].includes(after.digest) && after.isWhole;
    const isTrue = failures.length > 0 || outputs['digest'] === after.digest;
    const isMoved = before.digest !== undefined && after.digest !== before.digest;
    const mayMove = repository === 'mutable' && policy === 'move';
    if (isPossible && isTrue && (!isMoved || mayMove)) return undefined;
    return { source, repository, policy, faults, failures, outputs, before, after };
  },
});
