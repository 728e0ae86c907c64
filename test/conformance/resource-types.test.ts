import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { expect, it } from '@jest/globals';
import { run } from '../../scripts/command.mjs';
import { findToolObstacle } from '../required-programs.js';

declareUnless(findToolObstacle(['python']), it)('knows the resource types and permissions of cfn-lint', async () => {
  expect(await run(process.execPath, ['scripts/resource-types.mjs', '--check'])).toEqual({ status: 0, output: '' });
});
