import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest, type Step } from '../checkout.js';
import { buildSarif } from '../sarif-log.js';

const CODE = 'one();\neval("two"); // scanner: ignore\n';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

/** Runs a pull request that does not change `src/app.js`, with a suppressed finding in `file`. */
const runWithSuppression = async (file: string, kind = 'inSource'): Promise<Step> => {
  const base = checkout.commit({ 'src/app.js': CODE });
  const head = checkout.commit({ 'src/new.js': 'three();\n', '.gitignore': 'dist/\n' });
  const suppressions = [{ kind, justification: 'trust me' }];
  checkout.write('scan.sarif', buildSarif({ results: [{ file, line: 2, more: { suppressions } }] }));
  return checkout.run(pullRequest(base, head));
};

describe('a suppression in the source of a pull request', () => {
  it('is accepted in a file that the pull request does not change', async () => {
    expect((await runWithSuppression('src/app.js')).outputs['verdict']).toBe('passed');
  });

  it.each(['src/untracked.js', 'dist/bundle.js'])('is rejected in a file that git does not track: %s', async (file) => {
    checkout.write(file, CODE);
    const step = await runWithSuppression(file);
    expect([step.outputs['verdict'], step.failures]).toEqual(['blocked', ['1 failing finding (1 high)']]);
  });

  it('is rejected in a file that does not exist', async () => {
    expect((await runWithSuppression('src/gone.js')).outputs['verdict']).toBe('blocked');
  });

  it('is rejected behind a link', async () => {
    checkout.write('elsewhere/app.js', CODE);
    checkout.commit({ 'README.md': '# Shop\n' });
    symlinkSync(join(checkout.directory, 'elsewhere', 'app.js'), join(checkout.directory, 'link.js'));
    checkout.git('add', 'link.js');
    checkout.git('commit', '--quiet', '-m', 'link');
    expect((await runWithSuppression('link.js')).outputs['verdict']).toBe('blocked');
  });
});

describe('a suppression outside of the source', () => {
  it('is rejected in a pull request, which may have written it', async () => {
    expect((await runWithSuppression('src/app.js', 'external')).outputs['verdict']).toBe('blocked');
  });

  it.each([
    ['accepted', 'with', [{ kind: 'external' }], 'passed'],
    ['rejected', 'without', [], 'blocked'],
  ])('is %s if the baseline has the finding %s it', async (_result, _presence, suppressions, verdict) => {
    const build = (own: readonly object[]) => buildSarif({ results: [{ line: 2, more: { suppressions: own } }] });
    const base = checkout.commit({ 'src/app.js': CODE, 'baseline.sarif': build(suppressions) });
    const head = checkout.commit({ 'src/new.js': 'three();\n' });
    checkout.write('scan.sarif', build([{ kind: 'external' }]));
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { baseline: 'baseline.sarif' } });
    expect(step.outputs['verdict']).toBe(verdict);
  });
});
