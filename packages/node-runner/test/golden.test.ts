import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareGolden, formatJson, type Replacement } from '@aws-delivery/action-kit/testing/golden';
import { describe, expect, it } from '@jest/globals';
import { CommandLineHarness } from './cli/command-line-harness.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/u, '');
const SARIF = fileURLToPath(new URL('../../findings/test/sarif/scanners/semgrep.sarif', import.meta.url));

const listReplacements = (call: CommandLineHarness): readonly Replacement[] => [
  [call.directory, '<work>'],
  [call.actions.directory, '<actions>'],
  [ROOT, '<repository>'],
  [realpathSync.native(tmpdir()), '<tmp>'],
  [/(?<=(?:job|summary)-)\w{6}\b/gu, '<random>'],
  [/(?<=_)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gu, '<uuid>'],
  [/(?<=RUNNER_(?:ARCH|OS)=)\w+/gu, '<machine>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/gu, '<time>'],
];

/** Control characters of terminals in a readable form. */
const visible = (text: string): string => text.replaceAll('\u001b', '<ESC>').replaceAll('\r', '<CR>\n');

/** The variables by which each host is detected, and those of the run. */
const hosts = {
  github: {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'octocat/shop',
    GITHUB_RUN_ID: '100',
    GITHUB_SHA: 'abc',
    GITHUB_REF: 'refs/heads/main',
  },
  'azure-devops': {
    TF_BUILD: 'True',
    BUILD_BUILDID: '5',
    BUILD_REPOSITORY_NAME: 'shop',
    BUILD_SOURCEBRANCH: 'refs/heads/main',
    BUILD_SOURCEVERSION: 'abc',
    SYSTEM_JOBATTEMPT: '2',
    SYSTEM_TEAMPROJECT: 'Retail',
  },
  gitlab: {
    GITLAB_CI: 'true',
    CI_COMMIT_BRANCH: 'main',
    CI_COMMIT_SHA: 'abc',
    CI_JOB_ID: '77',
    CI_PIPELINE_ID: '12',
    CI_PROJECT_PATH: 'g/p',
    CI_SERVER_URL: 'https://gitlab.example',
  },
  shell: {},
} as const;

/** A main script that uses every workflow command and command file. */
const MAIN = `
  say('::add-mask::hunter-22');
  say('::group::A group');
  say('within, hunter-22');
  say('::endgroup::');
  say('::debug::a detail');
  say('::notice::a notice');
  say('::warning file=a.yml,line=3,endLine=4,col=5,endColumn=6,title=T::a warning');
  say('::error file=b.yml,line=1::an error');
  append('ENV', 'KEY=k\\nMANY<<E\\n1\\n2\\nE\\n');
  append('PATH', '/tools\\n');
  append('STATE', 'seen=1\\n');
  append('STEP_SUMMARY', '# Up\\n');
  append('OUTPUT', 'stack-id=1\\nsecret=a hunter-22\\nmany<<E\\n1\\n2\\nE\\nsarif-file=' + process.env.SARIF + '\\n');
`;
const POST = `say('post, seen ' + process.env.STATE_seen); append('STEP_SUMMARY', 'and down\\n');`;
const LOOK = `
  const names = Object.keys(process.env).filter((name) => /^(GITHUB|RUNNER|INPUT|AWS|CI$)/.test(name)).sort();
  for (const name of names) say(name + '=' + process.env[name]);
`;

const readBelow = (directory: string): Readonly<Record<string, string>> => {
  if (!existsSync(directory)) return {};
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')] as const),
  );
};

describe('a job', () => {
  it.each(Object.entries(hosts))('prints and exports the results of its steps on %s', async (host, env) => {
    using call = new CommandLineHarness();
    call.actions.write({ name: 'tells', inputs: { who: { default: 'nobody' } }, main: MAIN, post: POST });
    call.actions.write({ name: 'looks', main: LOOK });
    for (const name of ['output', 'env', 'summary']) writeFileSync(call.resolvePath(name), '');
    const files = { GITHUB_OUTPUT: call.resolvePath('output'), GITHUB_STEP_SUMMARY: call.resolvePath('summary') };
    const own = {
      PATH: '/usr/bin:/bin',
      SARIF,
      BUILD_SOURCESDIRECTORY: call.directory,
      CI_PROJECT_DIR: call.directory,
    };
    const options = ['--env', 'SARIF', '--outputs', 'out/a.env', '--outputs', 'out/b.json', '--outputs-prefix', 'X_'];
    const reports = ['--code-quality', 'out/quality.json', '--sast', 'out/sast.json'];
    const exitCode = await call.run([...options, ...reports, 'tells', '--who', 'you', '--', 'looks'], {
      env: { ...own, ...files, ...env },
    });
    expect(exitCode).toBe(0);
    compareGolden({
      directory,
      scenario: host,
      files: {
        'printed.txt': visible(call.output),
        'github-output': readFileSync(call.resolvePath('output'), 'utf8'),
        'github-summary.md': readFileSync(call.resolvePath('summary'), 'utf8'),
        ...readBelow(call.resolvePath('out')),
      },
      replacements: listReplacements(call),
    });
  });

  it('records what its posts need while it runs', async () => {
    using call = new CommandLineHarness();
    call.actions.write({
      name: 'login',
      main: `say('::add-mask::hunter-22'); append('ENV', 'KEY=k\\n'); append('STATE', 'who=login\\n');`,
      post: `say('out');`,
    });
    call.actions.write({
      name: 'look',
      inputs: { name: {} },
      main: `
        const { copyFileSync } = await import('node:fs');
        copyFileSync(process.env.GITHUB_WORKSPACE + '/kept/job.json', process.env.GITHUB_WORKSPACE + '/copy.json');
      `,
      post: `say('done');`,
    });
    const inputs = ['login', '--', 'look', '--name', 'shop'];
    expect(await call.run(['--state', 'kept', ...inputs])).toBe(0);
    const files = { 'job.json': formatJson(JSON.parse(readFileSync(call.resolvePath('copy.json'), 'utf8'))) };
    compareGolden({ directory, scenario: 'state', files, replacements: listReplacements(call) });
  });

  it('prints help', async () => {
    using call = new CommandLineHarness();
    call.actions.write({
      name: 'greet',
      inputs: { who: { default: 'nobody', description: 'Who is greeted.' } },
      outputs: { greeting: { description: 'What was said.' } },
      main: '',
    });
    await call.run(['--help']);
    const general = call.output;
    await call.run(['greet', '--help']);
    compareGolden({ directory, scenario: 'help', files: { txt: general, 'both.txt': call.output } });
  });

  it('reports failures with messages and exit codes', async () => {
    using call = new CommandLineHarness();
    call.actions.write({ name: 'fails', main: `say('::error file=a.yml,line=3::no'); process.exitCode = 7;` });
    const calls = [['fails'], ['unknown'], ['--odd'], ['fails', '--odd', '1'], ['--post'], []];
    const codes: number[] = [];
    for (const each of calls) codes.push(await call.run(each));
    const files = { 'codes.json': formatJson(codes), 'printed.txt': call.output, 'errors.txt': call.errorOutput };
    compareGolden({ directory, scenario: 'failures', files, replacements: listReplacements(call) });
  });
});
