import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';

const obstacle = findToolObstacle(['act']);

const actionFile = `
name: parity
inputs:
  role-arn: {}
  wait for: { default: 5 }
runs: { using: node24, main: main.mjs, post: post.mjs }
`;

const main = `
import { appendFileSync } from 'node:fs';
const append = (kind, text) => appendFileSync(process.env['GITHUB_' + kind], text);
const say = (text) => process.stdout.write(text + '\\n');
append('OUTPUT', 'plain=a=b<<c\\nblock<<EOF\\nfirst\\nEOF \\n::error::no\\n\\nEOF\\nempty=\\nlate=1\\nlate=2\\n');
append('OUTPUT', 'inputs=' + process.env['INPUT_ROLE-ARN'] + ',' + process.env.INPUT_WAIT_FOR + '\\n');
append('ENV', 'EXPORTED<<E=F\\ntwo\\nlines\\nE=F\\n');
append('STATE', 'token=t-1\\n');
append('PATH', '/first\\n/second\\n');
say('::add-mask::hunter-22');
say('masked hunter-22');
say('::stop-commands::a-token-of-ours');
say('::error::not an error');
say('::a-token-of-ours::');
say('::error file=a.yml,line=3::100%25 sure%0Aof hunter-22');
say('::unknown::printed');
`;

const post = `
process.stdout.write('post ' + process.env.STATE_token + ' ' + process.env.EXPORTED.length + '\\n');
`;

const witness = `
const { EXPORTED, PATH } = process.env;
process.stdout.write(JSON.stringify({ EXPORTED, PATH: PATH.split(':').slice(0, 2) }) + '\\n');
`;

const files = {
  'parity/action.yml': actionFile,
  'parity/main.mjs': main,
  'parity/post.mjs': post,
  'witness/action.yml': 'name: witness\nruns: { using: node24, main: main.mjs }\n',
  'witness/main.mjs': witness,
  '.github/workflows/w.yml': `
on: push
jobs:
  both:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - { id: parity, uses: ./parity, with: { role-arn: arn } }
      - { id: witness, uses: ./witness }
`,
};

declareUnless(obstacle, describe)('the node runner compared with act', () => {
  let act: Act;
  let directory: string;
  beforeAll(() => {
    act = new Act();
    directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'parity-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(directory, path, '..'), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
  });
  afterAll(() => {
    act[Symbol.dispose]();
    rmSync(directory, { recursive: true });
  });

  it('runs the same action with the same effects', async () => {
    const actResult = await act.run({ files, workflow: '.github/workflows/w.yml' });
    await using job = new Job({ workspace: directory });
    const step = await job.run({ action: join(directory, 'parity'), id: 'parity', inputs: { 'role-arn': 'arn' } });
    const later = await job.run({ action: join(directory, 'witness') });
    const [posted] = await job.finish();

    expect(actResult.exitCode).toBe(0);
    expect(step.conclusion).toBe(actResult.findStep('parity').conclusion);
    expect(step.outputs).toEqual(actResult.findStep('parity').outputs);
    expect(later.log).toEqual(actResult.findStep('witness').lines);
    expect(posted?.log).toEqual(actResult.findStep('parity', { stage: 'Post' }).lines);
    expect(step.annotations.map(({ message }) => message)).toEqual(['100% sure\nof ***']);
    expect(actResult.findStep('parity').errors).toEqual(['100% sure\nof hunter-22']);
  });
});
