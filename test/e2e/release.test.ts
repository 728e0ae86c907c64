import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { addRelease } from '../../scripts/release/changelog.mjs';
import { readRepositoryName } from '../../scripts/release/repository-name.mjs';
import { readVersion } from '../../scripts/release/version.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { copyCheckout } from './act/checkout-copy.js';

const WORKFLOW = '.github/workflows/release.yml';
const version = readVersion();

/** What the jobs of the release read from the repository. */
const RELEASED_FILES =
  /^(?:\.git(?:ignore|attributes)$|package|LICENSE$|CHANGELOG\.md$|docs\/migration\.md$|scripts\/(?:release|command\.mjs)|hosts\/|actions\/[^/]+\/(?:action\.yml$|dist\/)|packages\/node-runner\/(?:README\.md$|dist\/)|\.github\/workflows\/release\.yml$)/u;

/** Actions of GitHub, without its servers. Artifacts are directories in $STORE. */
const GITHUB_ACTIONS: Readonly<Record<string, string>> = {
  'actions/checkout': 'true',
  'actions/setup-node': 'true',
  'actions/upload-artifact': 'mkdir -p "$STORE"; cp -r "$INPUT_PATH" "$STORE/$INPUT_NAME"',
  'actions/download-artifact': 'cp -r "$STORE/$INPUT_NAME/." .',
  'actions/attest': 'for file in $INPUT_SUBJECT; do test -f "$file"; echo "attest $file $INPUT_SBOM" >> "$LOG"; done',
};

const createGitHubAction = (script: string): string =>
  JSON.stringify({
    name: 'action of GitHub',
    description: 'Without a server.',
    inputs: Object.fromEntries(['name', 'path', 'subject-path', 'sbom-path'].map((name) => [name, { default: '' }])),
    runs: {
      using: 'composite',
      steps: [
        {
          run: script,
          shell: 'bash',
          env: {
            INPUT_NAME: '${{ inputs.name }}',
            INPUT_PATH: '${{ inputs.path }}',
            INPUT_SUBJECT: '${{ inputs.subject-path }}',
            INPUT_SBOM: '${{ inputs.sbom-path }}',
          },
        },
      ],
    },
  });

/** GitHub has no release yet; the registry has no package yet. The build writes the extension; $BUILD may change more. */
const PROGRAMS: Readonly<Record<string, string>> = {
  gh: `echo "gh $*" >> "$LOG"
case "$*" in
  'release view '*) exit 1 ;;
  *commits/*) echo "$GITHUB_SHA" ;;
  *matching-refs*) echo refs/tags/v${version} ;;
esac`,
  npm: `case "$1" in
  ci) ;;
  run) mkdir -p hosts/azure-devops/build; echo extension > hosts/azure-devops/build/aws-delivery-${version}.vsix; eval "$BUILD" ;;
  view) exit 1 ;;
  publish) test -f "$2" && echo "npm $*" >> "$LOG" ;;
  *) exec "$REAL_NPM" "$@" ;;
esac`,
  npx: 'test -f azure-devops.vsix && echo "npx $*" >> "$LOG"',
};

declareUnless(findToolObstacle(['act']), describe)('the release workflow under act', () => {
  let act: Act;
  let directory: string;
  beforeEach(() => {
    act = new Act();
    directory = mkdtempSync(join(tmpdir(), 'release-'));
  });
  afterEach(() => {
    act[Symbol.dispose]();
    rmSync(directory, { recursive: true });
  });

  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

  const createCommit = (): string => {
    const commit = join(directory, 'commit');
    copyCheckout(commit, RELEASED_FILES);
    const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
    const release = { version, date: '2026-12-01', repository: readRepositoryName() };
    writeFileSync(
      join(commit, 'CHANGELOG.md'),
      changelog.includes(`## [${version}]`) ? changelog : addRelease(changelog, release),
    );
    mkdirSync(join(commit, '.ci'));
    writeFileSync(join(commit, '.ci/run'), '#!/bin/sh\necho verified >> "$LOG"\n', { mode: 0o755 });
    return commit;
  };

  const createPrograms = (): string => {
    const programs = join(directory, 'programs');
    mkdirSync(programs);
    for (const [name, script] of Object.entries(PROGRAMS)) {
      writeFileSync(join(programs, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    }
    return programs;
  };

  /** Directories of the actions that the workflow uses, by `uses:`. */
  const createActions = (): Readonly<Record<string, string>> => {
    const uses = readFileSync(join(root, WORKFLOW), 'utf8').matchAll(/uses: (?<name>[\w./-]+)@(?<sha>[0-9a-f]{40})/gu);
    const entries = [...uses].map(({ groups: { name = '', sha = '' } = {} }) => {
      const path = join(directory, 'actions', name);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'action.yml'), createGitHubAction(GITHUB_ACTIONS[name] ?? 'exit 1'));
      return [`${name}@${sha}`, path];
    });
    return Object.fromEntries(entries);
  };

  /** A component project with one commit, in place of the one on GitLab. */
  const createProject = (): string => {
    const project = join(directory, 'components.git');
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' });
    const work = join(directory, 'work');
    git('init', '--quiet', '--bare', '--initial-branch', 'main', project);
    git('clone', '--quiet', project, work);
    writeFileSync(join(work, 'removed.yml'), '');
    git('-C', work, 'add', '.');
    git(
      '-C',
      work,
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@example.com',
      'commit',
      '--quiet',
      '--message',
      'test',
    );
    git('-C', work, 'push', '--quiet', 'origin', 'HEAD:main');
    return project;
  };

  const release = async (build: string): Promise<ActResult> => {
    const project = createProject();
    return await act.run({
      from: createCommit(),
      workflow: WORKFLOW,
      actions: createActions(),
      programs: [createPrograms()],
      variables: { PUBLISH_NPM: 'true', PUBLISH_MARKETPLACE: 'true', GITLAB_COMPONENTS: 'gitlab.example/components' },
      secrets: { GITHUB_TOKEN: 'github', MARKETPLACE_TOKEN: 'market', GITLAB_TOKEN: 'gitlab' },
      env: {
        LOG: join(directory, 'log'),
        STORE: join(directory, 'artifacts'),
        BUILD: build,
        REAL_NPM: execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim(),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.${project}.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://oauth2:gitlab@gitlab.example/components.git',
      },
    });
  };

  it('verifies, builds, compares, tags, attests and publishes everywhere', async () => {
    const result = await release('true');
    expect(`${result.exitCode}\n${result.output}`).toMatch(/^0\n/u);
    const log = read('log').trimEnd().split('\n');
    expect(log).toEqual(
      expect.arrayContaining([
        'verified',
        'attest archive.tar.gz ',
        'attest azure-devops.vsix ',
        'attest gitlab-components.tar.gz ',
        'attest runner.tgz ',
        'attest archive.tar.gz sbom.spdx.json',
        `gh release edit v${version} --draft=false`,
        'npm publish runner.tgz --access public --provenance',
        expect.stringMatching(/^npx --yes tfx-cli@\S+ extension publish --vsix azure-devops\.vsix /u),
      ]),
    );
    expect(log.findIndex((line) => line.startsWith('gh release create'))).toBeGreaterThan(log.indexOf('verified'));
    expect(log.findIndex((line) => line.startsWith('npm publish'))).toBeGreaterThan(
      log.findIndex((line) => line.startsWith('gh release edit')),
    );
    const created = log.find((line) => line.startsWith('gh release create')) ?? '';
    const artifact = join(directory, 'artifacts', 'release');
    for (const file of readdirSync(artifact)) expect(created).toContain(` ${file}`);
    const archive = execFileSync('tar', ['-tzf', join(artifact, 'archive.tar.gz')], { encoding: 'utf8' });
    expect(archive).toContain(`aws-delivery-actions-${version}/actions/ecr-push/dist/main.js\n`);
    expect(JSON.parse(readFileSync(join(artifact, 'sbom.spdx.json'), 'utf8'))).toMatchObject({
      spdxVersion: 'SPDX-2.3',
    });
    expect(readFileSync(join(artifact, 'notes.md'), 'utf8')).toContain('Migration steps');

    const list = ['-C', join(directory, 'components.git'), 'ls-tree', '-r', '--name-only', version];
    const components = execFileSync('git', list, { encoding: 'utf8' }).split('\n');
    expect(components).toEqual(expect.arrayContaining(['.gitlab-ci.yml', 'templates/ecr-push.yml']));
    expect(components).not.toContain('removed.yml');
  });

  it('publishes nothing if the build changes a bundle', async () => {
    const result = await release('echo changed >> actions/ecr-push/dist/main.js');
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain('the build changes files of the commit');
    expect(read('log')).toBe('verified\n');
    expect(existsSync(join(directory, 'artifacts'))).toBe(false);
  });
});
