import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../../scripts/command.mjs';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { isFullRun } from '../../full-run.js';
import { findToolObstacle } from '../../required-programs.js';
import { readCommands, useClone } from './clone.js';

/** A recipe can be run again in the same clone. */
const ATTEMPTS = isFullRun ? [1, 2] : [1];

/** The workflows that the README names, with act's options for them. */
const WORKFLOWS = [
  ['first-delivery', ''],
  ['delivery', ''],
  ...(isFullRun ? [['configuration', '--var CONFIGURATION_STRATEGY=Linear50PercentEvery30Seconds']] : []),
];

describe('deliveries of the documents in a clone', () => {
  const runInClone = useClone();
  const aws = findProgram('aws');
  const act = findProgram('act');
  declareUnless(findToolObstacle(['act']), describe)('under act', () => {
    const commands = readCommands('README.md', 'local-aws start');

    it.each(WORKFLOWS)(
      'deliver with %s.yml',
      async (workflow, option) => {
        expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(option);
        const script = commands.replace('workflows/delivery.yml', `workflows/${workflow}.yml ${option}`);
        for (const attempt of ATTEMPTS) {
          const output = await runInClone(script, [act ?? '']);
          expect(`${attempt}: ${output}`).toMatch(/Job succeeded[\s\S]*Stopped Local AWS on port \d+/u);
        }
      },
      600_000,
    );
  });

  // The test of the bootstrap's ten steps runs nearly the same commands.
  const describeBootstrap = declareUnless(findToolObstacle(['act', 'aws']), describe);
  if (isFullRun)
    describeBootstrap('with the AWS CLI and act', () => {
      it('bootstrap an account and deliver with its roles', async () => {
        const commands = readCommands('examples/bootstrap/README.md', 'local-aws start');
        for (const attempt of ATTEMPTS) {
          const output = await runInClone(commands, [aws ?? '', act ?? '']);
          expect(`${attempt}: ${output}`).toMatch(
            /Successfully created[\s\S]*Job succeeded[\s\S]*Stopped Local AWS on port/u,
          );
        }
      }, 600_000);
    });
});
