import type { RunProgram } from '@aws-delivery/action-kit/host/run-program';
import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { defaultImage, withHarness } from '../harness.js';
import { FakeEngine, hang } from './fake-engine.js';

const inputs = { source: 'shop:1.0', repository: 'app', tags: '1.0' };

const engineWith = (image = defaultImage): FakeEngine => {
  const docker = new FakeEngine('docker');
  docker.images.set('shop:1.0', image);
  return docker;
};

describe('pushing an image of an engine', () => {
  it('logs the engine’s output and recognises the image by its ID', async () => {
    await withHarness({}, async (harness) => {
      const { runProgram, runs } = engineWith();
      const first = await harness.run({ inputs, runProgram });
      expect(first.failures).toEqual([]);
      expect(first.outputs).toMatchObject({ pushed: 'true', digest: defaultImage.manifest.digest });
      expect(first.log).toContain(`app: 1.0: digest: ${defaultImage.manifest.digest}`);
      const count = runs.length;
      const second = await harness.run({ inputs, runProgram });
      expect(second.outputs).toMatchObject({ pushed: 'false', digest: defaultImage.manifest.digest });
      expect(second.operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
      expect(runs.slice(count).map(({ args }) => args[0])).toEqual(['image']);
    });
  });

  it('recognises an image whose ID is its manifest’s digest, as in containerd’s store', async () => {
    await withHarness({}, async (harness) => {
      const docker = engineWith();
      const runProgram: RunProgram = async (program, args, options) =>
        args[0] === 'image'
          ? { exitCode: 0, stdout: defaultImage.manifest.digest, lastLines: [] }
          : docker.runProgram(program, args, options);
      expect((await harness.run({ inputs, runProgram })).failures).toEqual([]);
      expect((await harness.run({ inputs, runProgram })).outputs['pushed']).toBe('false');
    });
  });

  it.each(['docker', 'nerdctl'] as const)('%s may report another digest than its ID', async (engine) => {
    await withHarness({}, async (harness) => {
      const docker = engineWith();
      const runProgram: RunProgram = async (program, args, options) =>
        args[0] === 'image'
          ? { exitCode: 0, stdout: `sha256:${'1'.repeat(64)}`, lastLines: [] }
          : docker.runProgram(program, args, options);
      const { failures } = await harness.run({
        inputs: { ...inputs, engine },
        runProgram: (program, ...others) => runProgram(program === 'nerdctl' ? 'docker' : program, ...others),
      });
      // Docker has pushed one platform of an index; the ID of nerdctl never is the digest of what it pushes.
      const partial = [
        expect.stringMatching(/^docker pushed only a part of shop:1\.0 in docker to .*\/app:1\.0, because/u),
      ];
      expect(failures).toEqual(engine === 'docker' ? partial : []);
    });
  });

  it('fails when the tag points to another image after the push', async () => {
    await withHarness({}, async (harness) => {
      const other = await harness.writeLayout('other', createImage({ command: 'other' }));
      const docker = engineWith();
      const runProgram: RunProgram = async (program, args, options) => {
        const execution = await docker.runProgram(program, args, { ...options, onLine: undefined });
        if (args[0] === 'push') await harness.push(other);
        return execution;
      };
      const { failures } = await harness.run({ inputs, runProgram });
      expect(failures[0]).toContain('does not point to shop:1.0 in docker after the push: another push moved the tag');
    });
  });

  it('renews an expired login and pushes again', async () => {
    await withHarness({ ecr: { tokenLifetime: '1s' } }, async (harness) => {
      const docker = engineWith();
      let waited = false;
      const runProgram: RunProgram = async (program, args, options) => {
        if (args[0] === 'push' && !waited) {
          waited = true;
          await new Promise((resolve) => setTimeout(resolve, 1100));
        }
        return docker.runProgram(program, args, options);
      };
      const { failures, outputs } = await harness.run({ inputs, runProgram });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(defaultImage.manifest.digest);
      expect(docker.runs.filter(({ args }) => args[0] === 'push')).toHaveLength(2);
    });
  });

  it.each(['push', 'pull'])('stops an engine that hangs in %s at the timeout', async (verb) => {
    await withHarness({}, async (harness) => {
      await harness.push(await harness.writeLayout('there', defaultImage), { tags: 'there' });
      const docker = engineWith();
      const runProgram: RunProgram = (program, args, options) => {
        if (args[0] !== verb) return docker.runProgram(program, args, options);
        return hang(options, () => harness.clock.advance(61_000));
      };
      const pulling = { mode: 'pull', repository: 'app', tags: 'there' };
      const { failures } = await harness.run({
        inputs: { ...(verb === 'pull' ? pulling : inputs), timeout: '1m' },
        runProgram,
      });
      expect(failures).toEqual([expect.stringContaining('timed out after 1m')]);
      expect(docker.images.has(`${harness.host}/app:1.0`)).toBe(false);
    });
  });

  it('suggests on-existing-tag: keep when the engine reports an immutable tag', async () => {
    await withHarness({ ecr: { repositories: { app: { mutability: 'IMMUTABLE' } } } }, async (harness) => {
      await harness.push(await harness.writeLayout('other', createImage({ command: 'other' })));
      harness.aws.setFaults([
        { fault: 'error', status: 403, code: 'AccessDeniedException', operation: 'DescribeRepositories' },
      ]);
      const { failures, operations } = await harness.run({ inputs, runProgram: engineWith().runProgram });
      expect(failures[0]).toContain('on-existing-tag: keep');
      expect(operations).toContain('PutManifest');
    });
  });
});
