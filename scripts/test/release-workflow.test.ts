import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const step = z.object({ id: z.string().optional(), run: z.string().optional() });
const schema = z.object({ jobs: z.object({ publish: z.object({ steps: z.array(step) }) }) });
const { steps } = schema.parse(parse(readFileSync('.github/workflows/release.yml', 'utf8'))).jobs.publish;
const script = steps.find(({ id }) => id === 'publish')?.run ?? '';

/** A fake `gh` that logs its arguments; with an empty DRAFT there is no release. */
const gh = `#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
  'release view '*) [ -n "$DRAFT" ] && echo "$DRAFT" ;;
  'release edit '*) [ "$BREAKS" != edit ] ;;
  *matching-refs*) [ "$BREAKS" != refs ] && printf 'refs/tags/%s\\n' $TAGS ;;
  *commits/*) echo "$TAGGED" ;;
  *PATCH*) [ "$BREAKS" != major ] ;;
esac
`;

const verified = 'a'.repeat(40);

declareUnless(WINDOWS_OBSTACLE, describe)('publishing a release', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'release-'));
    writeFileSync(join(directory, 'gh'), gh, { mode: 0o755 });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const publish = (version: string, input: Readonly<Record<string, string>> = {}) => {
    const log = join(directory, 'log');
    const state = { DRAFT: '', TAGS: `v${version}`, TAGGED: verified, BREAKS: '', LOG: log, ...input };
    const context = { VERSION: version, GITHUB_SHA: verified, GITHUB_REPOSITORY: 'octo-org/suite' };
    const env = { PATH: [directory, process.env['PATH']].join(delimiter), ...context, ...state };
    const call = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    const { status, stdout } = spawnSync('bash', call, { env, encoding: 'utf8' });
    const calls = readFileSync(log, 'utf8').trimEnd().split('\n');
    const words = calls.map((line) =>
      line.replace('--method ', '').replace('api ', '').split(' ').slice(0, 2).join(' '),
    );
    return { status, stdout, calls, changes: words.filter((text) => /^(release (?!view)|PATCH|POST)/.test(text)) };
  };
  const whole = ['release create', 'release edit', 'PATCH repos/octo-org/suite/git/refs/tags/v1'];

  it('creates a draft of the verified commit, publishes it and moves the major tag', () => {
    const { status, calls, changes } = publish('1.2.3', { TAGS: 'v1.2.2 v1.2.3 v1.1.10' });
    expect([status, changes]).toEqual([0, whole]);
    expect(calls.join('\n')).toContain(`release create v1.2.3 --draft --target ${verified} `);
    expect(calls.at(-1)).toContain(`git/refs/tags/v1 --field sha=${verified} --field force=true`);
  });

  it('creates a missing major tag', () => {
    const { status, changes } = publish('2.0.0', { BREAKS: 'major' });
    expect([status, changes.at(-1)]).toEqual([0, 'POST repos/octo-org/suite/git/refs']);
  });

  it('recreates the draft of an earlier attempt', () => {
    expect(publish('1.2.3', { DRAFT: 'true' })).toMatchObject({ status: 0, changes: ['release delete', ...whole] });
  });

  it('moves the major tag of an already published release', () => {
    expect(publish('1.2.3', { DRAFT: 'false' })).toMatchObject({ status: 0, changes: whole.slice(2) });
  });

  it('does not move the major tag back to an older release', () => {
    const { status, stdout, changes } = publish('1.9.1', { TAGS: 'v1.10.0 v1.9.0 v1.9.1' });
    expect([status, changes]).toEqual([0, whole.slice(0, 2)]);
    expect(stdout).toBe('v1 was not moved: v1.10.0 is newer than v1.9.1\n');
  });

  it.each([
    ['the tag is another commit than the verified one', { TAGGED: 'b'.repeat(40) }],
    ['the list of tags is unavailable', { BREAKS: 'refs' }],
    ['the draft cannot be published', { BREAKS: 'edit' }],
  ])('does not move the major tag when %s', (_, input) => {
    const { status, changes } = publish('1.2.3', input);
    expect([status, changes]).toEqual([1, whole.slice(0, 2)]);
  });
});
