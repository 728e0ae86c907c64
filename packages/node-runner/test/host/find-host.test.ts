import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Annotation, createAnnotation } from '../../src/commands/annotation.js';
import type { LogEntry } from '../../src/commands/command-processor.js';
import { findHost } from '../../src/host/find-host.js';
import type { CiHost } from '../../src/host/host.js';

/** What GitLab's sections begin and end with. */
const CLEAR_LINE = '\u001b[0K';
const now = 1_700_000_000_000;

/** A host and what it prints. */
const createHost = (env: Env, terminal = false): { host: CiHost; getOutput: () => string } => {
  let output = '';
  const print = (text: string): void => {
    output += text;
  };
  const host = findHost({
    env,
    directory: '/builds/shop',
    print,
    terminal,
    now: () => (terminal ? Date.now() : now),
  });
  return { host, getOutput: () => output };
};

const gitlab = {
  GITLAB_CI: 'true',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_SHA: 'abc',
  CI_JOB_ID: '77',
  CI_PIPELINE_ID: '12',
  CI_PROJECT_DIR: '/builds/g/p',
  CI_PROJECT_PATH: 'g/p',
  CI_SERVER_URL: 'https://gitlab.example',
};
const azure = {
  TF_BUILD: 'True',
  BUILD_BUILDID: '5',
  BUILD_REPOSITORY_NAME: 'shop',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
  BUILD_SOURCESDIRECTORY: '/agent/s',
  BUILD_SOURCEVERSION: 'abc',
  SYSTEM_JOBATTEMPT: '2',
  SYSTEM_TEAMPROJECT: 'Retail',
};
const ENVIRONMENTS: Readonly<Record<string, Env>> = {
  github: { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'o/r' },
  'azure-devops': azure,
  gitlab,
  shell: {},
};

const lineAnnotation: Annotation = {
  ...createAnnotation('error', 'a; b]\n100%'),
  title: 'T',
  file: 'a,b.yml',
  line: 3,
  column: 2,
};
const annotation: LogEntry = { kind: 'annotation', annotation: lineAnnotation };
const notice: LogEntry = { kind: 'annotation', annotation: createAnnotation('notice', 'so') };
const hostile = '::error::x ##vso[task.setvariable variable=A]b ##[error]c \u001b[0Ksection_start:1:x\r\u001b[0K';

describe('a host', () => {
  it.each(Object.entries(ENVIRONMENTS))('%s is found by its variables', (name, env) => {
    expect(createHost(env).host.name).toBe(name);
  });

  it.each(Object.entries(ENVIRONMENTS))('%s gets no commands from what actions print', (_, env) => {
    const { host, getOutput } = createHost(env);
    host.show({ kind: 'line', message: hostile });
    host.show({ kind: 'group', message: hostile });
    host.close();
    const ownOutput = getOutput()
      .replaceAll(/^::group::|^##\[group\]/gm, '')
      .split(/section_\w+:1700000000:delivery_1\r/)
      .join('')
      .replaceAll(CLEAR_LINE, '');
    expect(ownOutput).not.toContain('\u001b');
    expect(ownOutput).not.toMatch(/##vso\[|##\[|section_start:1:x\r/);
    if (host.name === 'github') expect(ownOutput).not.toMatch(/^::/m);
  });

  it.each<[string, readonly string[]]>([
    [
      'github',
      [
        '::group::G',
        'in',
        '::endgroup::',
        '::debug::d',
        '::error title=T,file=a%2Cb.yml,line=3,col=2::a; b]%0A100%25',
        '::notice::so',
      ],
    ],
    [
      'azure-devops',
      [
        '##[group]G',
        'in',
        '##[endgroup]',
        '##[debug]d',
        '##vso[task.logissue type=error;sourcepath=a,b.yml;linenumber=3;columnnumber=2;]T: a; b]%0A100%AZP25',
        'notice: so',
      ],
    ],
    [
      'gitlab',
      [
        '\u001b[0Ksection_start:1700000000:delivery_1\r\u001b[0KG',
        'in',
        '\u001b[0Ksection_end:1700000000:delivery_1\r\u001b[0K',
        'debug: d',
        'error: T: a; b]',
        '100% (a,b.yml:3)',
        'notice: so',
      ],
    ],
    ['shell', ['G', '  in', 'debug: d', 'error: T: a; b]', '100% (a,b.yml:3)', 'notice: so']],
  ])('%s shows groups, debug messages and annotations in its own form', (name, lines) => {
    const { host, getOutput } = createHost(ENVIRONMENTS[name] ?? {});
    const entries: readonly LogEntry[] = [
      { kind: 'group', message: 'G' },
      { kind: 'line', message: 'in' },
      { kind: 'endgroup' },
    ];
    for (const entry of [...entries, { kind: 'debug', message: 'd' } as const, annotation, notice]) host.show(entry);
    host.close();
    expect(getOutput()).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  it.each<[string, string]>([
    ['github', '::add-mask::a%0Ab\n'],
    ['azure-devops', '##vso[task.setsecret]a\n##vso[task.setsecret]b\n'],
    ['gitlab', ''],
    ['shell', ''],
  ])('%s learns a secret where it can', (name, output) => {
    const { host, getOutput } = createHost(ENVIRONMENTS[name] ?? {});
    host.hide('a\nb');
    expect(getOutput()).toBe(output);
  });
});

describe('Azure DevOps', () => {
  it('takes outputs as output variables, secret ones as secrets', () => {
    const { host, getOutput } = createHost(azure);
    host.setOutput({ name: 'stack-id', value: 'a\nb', secret: false });
    host.setOutput({ name: 'key', value: 'k', secret: true });
    expect(getOutput()).toBe(
      '##vso[task.setvariable variable=stackId;isOutput=true;]a%0Ab\n##vso[task.setvariable variable=key;isOutput=true;issecret=true;]k\n',
    );
  });

  it('warns of a secret output of several lines, for which an agent would fail the step', () => {
    const { host, getOutput } = createHost(azure);
    host.setOutput({ name: 'private-key', value: 'a\nb', secret: true });
    expect(getOutput()).toMatch(
      /^##vso\[task\.logissue type=warning;\]privateKey is secret and has several lines, [^\n]*\n$/,
    );
  });

  it('tells of the run what GitHub would', () => {
    const pull = {
      SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/topic',
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
    };
    expect(createHost({ ...azure, ...pull }).host.github).toMatchObject({
      repository: 'Retail/shop',
      ref: 'refs/heads/main',
      ref_name: 'main',
      ref_type: 'branch',
      run_id: '5',
      run_attempt: '2',
      sha: 'abc',
      head_ref: 'topic',
      base_ref: 'main',
    });
    const tagged = createHost({ ...azure, BUILD_SOURCEBRANCH: 'refs/tags/v1', BUILD_REPOSITORY_NAME: 'o/r' }).host
      .github;
    expect(tagged).toMatchObject({ repository: 'o/r', ref: 'refs/tags/v1', ref_name: 'v1', ref_type: 'tag' });
  });
});

describe('GitLab', () => {
  it('tells of the run what GitHub would', () => {
    expect(createHost(gitlab).host).toMatchObject({
      workspace: '/builds/g/p',
      github: {
        repository: 'g/p',
        ref: 'refs/heads/main',
        run_id: '12',
        run_attempt: '77',
        sha: 'abc',
        event_name: '',
      },
    });
  });

  it('tells of a merge request as of a pull request, and of a push as of one', () => {
    const request = {
      CI_MERGE_REQUEST_IID: '3',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: 'b',
      CI_MERGE_REQUEST_PROJECT_PATH: 'g/p',
      CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'fork/p',
    };
    const merge = createHost({ ...gitlab, ...request }).host;
    expect(merge.github['event_name']).toBe('pull_request');
    expect(merge.event).toEqual({
      pull_request: {
        base: { sha: 'b', repo: { full_name: 'g/p' } },
        head: { sha: 'abc', repo: { full_name: 'fork/p' } },
      },
    });
    const push = createHost({ ...gitlab, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: 'z' }).host;
    expect([push.github['event_name'], push.event]).toEqual(['push', { before: 'z', after: 'abc' }]);
  });

  it('shows the summary in a section', async () => {
    const { host, getOutput } = createHost(gitlab);
    await host.publishSummary('# Up');
    expect(getOutput()).toContain(`:delivery_1\r${CLEAR_LINE}Summary\n# Up\n${CLEAR_LINE}section_end`);
  });
});

describe('GitHub', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'host-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('takes outputs and the summary into its files', async () => {
    const [output, summary, event] = ['output', 'summary', 'event.json'].map((name) => join(directory, name));
    writeFileSync(event ?? '', '{"number":7}');
    const { host } = createHost({
      ...ENVIRONMENTS['github'],
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_EVENT_PATH: event,
      GITHUB_ACTION: '__run',
      GITHUB_TOKEN: 'mapped',
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: directory,
    });
    host.setOutput({ name: 'a', value: 'x\ny', secret: false });
    await host.publishSummary('# Up');
    expect(readFileSync(output ?? '', 'utf8')).toMatch(/^a<<(\S+)\nx\ny\n\1\n$/);
    expect(readFileSync(summary ?? '', 'utf8')).toBe('# Up');
    expect(host).toMatchObject({ workspace: directory, temp: directory, event: { number: 7 }, token: undefined });
    expect(host.github).toMatchObject({ repository: 'o/r', token: 'mapped' });
    for (const name of ['action', 'actions', 'output', 'workspace']) expect(host.github).not.toHaveProperty(name);
  });
});

describe('a terminal', () => {
  it('gets colours and, while nothing is said, the time', () => {
    jest.useFakeTimers({ now });
    const { host, getOutput } = createHost({ USER: 'jo' }, true);
    host.show(annotation);
    jest.advanceTimersByTime(1_500);
    host.close();
    jest.useRealTimers();
    expect(getOutput()).toContain('\u001b[31merror: T: a; b]');
    expect(getOutput()).toMatch(/… 1 s.{4}$/s);
  });

  it('is what colours and progress are for: nobody else gets them', () => {
    jest.useFakeTimers({ now });
    const { host, getOutput } = createHost({ USER: 'jo' });
    host.show(annotation);
    jest.advanceTimersByTime(5_000);
    host.close();
    jest.useRealTimers();
    expect(getOutput()).toBe('error: T: a; b]\n100% (a,b.yml:3)\n');
    expect(host.github).toMatchObject({ actor: 'jo', repository: 'local/shop', run_id: String(now) });
  });
});
