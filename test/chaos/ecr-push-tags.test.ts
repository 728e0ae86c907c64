import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { Harness } from '../../actions/ecr-push/test/harness.js';
import { createImage, createIndex, createLayer } from '../../packages/oci/test/image-fixtures.js';
import { runWithSeeds } from './fault-injection.js';
import { createFaultSchedule, pickRandom } from './fault-schedule.js';

const harness = await Harness.open({
  ecr: { mounting: 'ENABLED', repositories: { mutable: {}, immutable: { mutability: 'IMMUTABLE' }, elsewhere: {} } },
});
afterAll(() => harness.close());

const platforms = ['amd64', 'arm64'].map((architecture) =>
  createImage({ architecture, layers: [createLayer('a'), createLayer('b')] }),
);
const index = createIndex(platforms, ['amd64', 'arm64']);
await harness.writeLayout('wanted', { index, images: platforms });
await harness.writeLayout('before', createImage({ command: 'before' }));

const registry = {
  service: 'registry',
  operations: ['GetManifest', 'HeadBlob', 'StartUpload', 'PutUpload', 'PutManifest', 'GetBlob', '*'],
  reads: [],
};
const api = { service: 'ecr', operations: ['GetAuthorizationToken', 'DescribeRepositories', '*'], reads: [] };

/** The digest of the tag, and whether the image can be pulled, read without faults. */
const readTagState = async (repository: string) => {
  harness.aws.setFaults([]);
  await rm(join(harness.directory, 'pulled'), { recursive: true, force: true });
  const inputs = { mode: 'pull', repository, tags: '1.0', destination: 'oci:pulled' };
  const { outputs, failures } = await harness.run({ inputs });
  const isEmpty = failures[0]?.startsWith("image '1.0' of ") === true;
  return { digest: outputs['digest'], isWhole: isEmpty || failures.length === 0 };
};

runWithSeeds({
  name: 'a tag holds what it held or the image that was wanted, whole, and a run that passes says which',
  seeds: 60,
  runSeed: async (random) => {
    harness.aws.reset();
    const repository = pickRandom(random, ['mutable', 'immutable']);
    if (pickRandom(random, [true, false])) await harness.push('oci:before', { repository });
    const before = await readTagState(repository);
    const isPromoted = pickRandom(random, [true, false]);
    if (isPromoted) await harness.push('oci:wanted', { repository: 'elsewhere', tags: 'x' });
    const source = isPromoted ? `docker://${harness.host}/elsewhere:x` : 'oci:wanted';
    const policy = pickRandom(random, ['move', 'keep', 'fail']);
    const faults = createFaultSchedule(random, pickRandom(random, [registry, registry, api]));
    harness.aws.setFaults(faults);
    const { failures, outputs } = await harness.push(source, { repository, 'on-existing-tag': policy });
    const after = await readTagState(repository);
    const isPossible = [before.digest, index.digest].includes(after.digest) && after.isWhole;
    const isTrue = failures.length > 0 || outputs['digest'] === after.digest;
    const isMoved = before.digest !== undefined && after.digest !== before.digest;
    const mayMove = repository === 'mutable' && policy === 'move';
    if (isPossible && isTrue && (!isMoved || mayMove)) return undefined;
    return { source, repository, policy, faults, failures, outputs, before, after };
  },
});
