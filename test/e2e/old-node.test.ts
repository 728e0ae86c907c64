import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';

const runner = join(root, 'packages', 'node-runner', 'dist', 'runner.js');

describe('the node runner on a Node that is too old', () => {
  declareUnless(findToolObstacle(['node14']), it)('names the required version in one line', () => {
    const { status, stdout, stderr } = spawnSync(findProgram('node14') ?? '', [runner, '--help'], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'runner.js: Node 20 or newer is required, got v14.21.3\n',
    });
  });
});
