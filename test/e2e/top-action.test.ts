import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { readRepositoryName } from '../../scripts/release/repository-name.mjs';
import { readMajorTag } from '../../scripts/release/version.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';

const obstacle = findToolObstacle(['act']);

const workflow = `
on: push
jobs:
  guarded:
    runs-on: ubuntu-latest
    steps:
      - id: top
        uses: ${readRepositoryName()}@${readMajorTag()}
      - id: after
        if: always()
        run: |
          echo "outcome=\${{ steps.top.outcome }}" >> "$GITHUB_OUTPUT"
          echo "greeting: $GREETING"
          echo "# Over" >> "$GITHUB_STEP_SUMMARY"
`;

declareUnless(obstacle, describe)('a workflow that uses the repository without an action', () => {
  let act: Act;
  beforeAll(() => {
    act = new Act();
  });
  afterAll(() => act[Symbol.dispose]());

  it('fails with the names of all actions', async () => {
    const files = { '.github/workflows/w.yml': workflow };
    const result = await act.run({ files, workflow: '.github/workflows/w.yml', env: { GREETING: 'hello' } });
    expect(result.exitCode).toBe(1);
    expect(result.jobs).toMatchObject([{ name: 'w.yml/guarded', conclusion: 'failure' }]);
    const [error = ''] = result.findStep('top').errors;
    const names = readdirSync(join(root, 'actions')).map(
      (name) => `uses: ${readRepositoryName()}/actions/${name}@${readMajorTag()}`,
    );
    expect(error.split('\n').slice(1)).toEqual(names);
    expect(result.findStep('after')).toMatchObject({
      conclusion: 'success',
      outputs: { outcome: 'failure' },
      lines: ['greeting: hello'],
      summary: '# Over\n',
    });
  });
});
