import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { readCommands, useClone } from './clone.js';

describe('recipes of the documents in a clone', () => {
  const runInClone = useClone();
  const aws = findProgram('aws');
  declareUnless(findToolObstacle(['aws']), it)('start Local AWS, use it with the AWS CLI and stop it', async () => {
    const commands = readCommands('packages/local-aws/README.md', 'local-aws start');
    for (const attempt of [1, 2]) {
      const output = await runInClone(commands, [aws ?? '']);
      expect(`${attempt}: ${output}`).toMatch(
        /Local AWS is ready at .*\narn:aws:iam::123456789012:root\nStopped Local AWS on port \d+ \(pid \d+\)\n$/u,
      );
    }
  });

  it('refuse a second server on the port, and keep the first one', async () => {
    await runInClone('npx local-aws start', []);
    await expect(runInClone('npx local-aws start', [])).rejects.toThrow(
      /Local AWS is already running on port \d+ \(pid \d+\)\. Stop it with npx local-aws stop, or choose another --port/u,
    );
    expect(await runInClone('npx local-aws stop && npx local-aws stop', [])).toMatch(
      /^Stopped Local AWS on port \d+ \(pid \d+\)\nLocal AWS is not running on port \d+\n$/u,
    );
  });

  it('report why a server does not start', async () => {
    await expect(runInClone('npx local-aws start --scenario absent.yml', [])).rejects.toThrow(
      "local-aws: cannot read scenario 'absent.yml': ENOENT",
    );
  });
});
