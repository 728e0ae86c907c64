import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';
import { addRelease, CHANGE_GROUPS, findLatestRelease, getReleaseSection } from '../release/changelog.mjs';
import { draftSection } from '../release/commits.mjs';
import { createReleaseNotes } from '../release/notes.mjs';
import { listVersionedFiles, prepareRelease } from '../release/prepare.mjs';
import { readRepositoryName } from '../release/repository-name.mjs';
import { compareVersions, parseVersion, readMajorTag, readVersion, replaceVersion } from '../release/version.mjs';

const REPOSITORY = 'octo-org/suite';
const changelog = `# Changelog

## [Unreleased]

### Added

- a gate

## [1.0.0] - 2026-01-31

- the first one

[Unreleased]: https://github.com/octo-org/suite/compare/v1.0.0...HEAD
[1.0.0]: https://github.com/octo-org/suite/releases/tag/v1.0.0
`;
const next = { version: '1.1.0', date: '2026-02-28', repository: REPOSITORY };

describe('the changelog', () => {
  it('moves unreleased changes to a version, and links both', () => {
    const released = addRelease(changelog, next);
    expect(getReleaseSection(released, '1.1.0')).toBe('### Added\n\n- a gate');
    expect(getReleaseSection(released, '1.0.0')).toBe('- the first one');
    expect(released).toContain('## [Unreleased]\n\n## [1.1.0] - 2026-02-28\n\n### Added\n');
    expect(released).toMatch(
      /\n\n\[Unreleased\]: \S+\/compare\/v1\.1\.0\.\.\.HEAD\n\[1\.1\.0\]: \S+\/compare\/v1\.0\.0\.\.\.v1\.1\.0\n\[1\.0\.0\]: \S+\/releases\/tag\/v1\.0\.0\n$/u,
    );
    expect(findLatestRelease(released)).toBe('1.1.0');
  });

  it('takes drafted changes if none are written', () => {
    const empty = changelog.replace('### Added\n\n- a gate\n\n', '');
    expect(() => addRelease(empty, next)).toThrow('is empty');
    const released = addRelease(empty, { ...next, drafted: '### Fixed\n\n- $& of a gate' });
    expect(getReleaseSection(released, '1.1.0')).toBe('### Fixed\n\n- $& of a gate');
    expect(getReleaseSection(addRelease(changelog, { ...next, drafted: '- another' }), '1.1.0')).toContain('a gate');
  });

  it('has no section of an unknown version, and no latest release before the first one', () => {
    expect(() => getReleaseSection(changelog, '2.0.0')).toThrow("no section '## [2.0.0]'");
    expect(findLatestRelease('# Changelog\n\n## [Unreleased]\n\n- a gate\n')).toBeUndefined();
  });

  it('of this repository groups its changes as Keep a Changelog does', () => {
    const own = readFileSync('CHANGELOG.md', 'utf8');
    const sections = own.split(/^## /mu).slice(1);
    expect(sections.length).toBeGreaterThan(0);
    for (const section of sections) {
      const groups = [...section.matchAll(/^### (.+)$/gmu)].map(([, name]) => name);
      expect(CHANGE_GROUPS.filter((name) => groups.includes(name))).toEqual(groups);
    }
  });
});

describe('a draft of changes', () => {
  it('groups what users notice by Conventional Commits, oldest first', () => {
    const messages = [
      'feat(ecr-push)!: require a repository\n\nBREAKING CHANGE: set `repository`,\nsince names differ.\n\nMore text.',
      'fix: end at the timeout',
      'test: try a timeout',
      'refactor(oidc-credentials)!: rename an output',
      'fix(health-gate): read hyphens',
      'feat: read gzip files',
      'merge a branch',
    ];
    expect(draftSection(messages)).toBe(`### Added

- read gzip files

### Changed

- **Breaking:** \`oidc-credentials\`: rename an output
- **Breaking:** \`ecr-push\`: set \`repository\`, since names differ.

### Fixed

- \`health-gate\`: read hyphens
- end at the timeout`);
  });

  it('is empty if users notice nothing', () => {
    expect(draftSection(['test: try a timeout', 'chore: release 1.0.0'])).toBe('');
  });
});

describe('release notes', () => {
  it('link the migration steps', () => {
    expect(createReleaseNotes(changelog, '1.0.0')).toMatch(
      /^- the first one\n\n\[Migration steps\]\(\S+migration\.md\)/u,
    );
    const major = addRelease(changelog, { ...next, version: '2.0.0' });
    expect(createReleaseNotes(major, '2.0.0')).toContain('/blob/v2.0.0/docs/migration.md#from-1x-to-200)');
  });
});

describe('a version', () => {
  it('consists of three numbers', () => {
    expect(parseVersion('1.20.3')).toEqual([1, 20, 3]);
    expect(() => parseVersion('v1')).toThrow("'v1' is not a version");
  });

  it('is ordered by number', () => {
    expect(['1.10.0', '1.9.2', '0.9.9', '1.9.10'].toSorted(compareVersions)).toEqual([
      '0.9.9',
      '1.9.2',
      '1.9.10',
      '1.10.0',
    ]);
  });

  const release = { repository: 'octo-org/suite', current: '1.2.3', next: '2.0.0' };
  it.each([
    ['  "version": "1.2.3",', '  "version": "2.0.0",'],
    ['"@aws-delivery/oci": "1.2.3"', '"@aws-delivery/oci": "2.0.0"'],
    ['uses: octo-org/suite/actions/ecr-push@v1', 'uses: octo-org/suite/actions/ecr-push@v2'],
    ['--local-repository octo-org/suite@v1=.', '--local-repository octo-org/suite@v2=.'],
    [
      'https://x.test/releases/download/v1.2.3/archive.tar.gz',
      'https://x.test/releases/download/v2.0.0/archive.tar.gz',
    ],
    ['- task: AWSDeliveryECRPush@1', '- task: AWSDeliveryECRPush@2'],
    ['x/aws-delivery/components/ecr-push@1', 'x/aws-delivery/components/ecr-push@2'],
    ['moves `v1` and `@v1`', 'moves `v2` and `@v2`'],
  ])('is replaced in %s', (text, expected) => {
    expect(replaceVersion(text, release)).toBe(expected);
  });

  it.each([
    '"ajv": "1.2.3"',
    'uses: actions/checkout@v1',
    'uses: octo-org/suite/actions/ecr-push@v1.2.3-rc',
    'uses: octo-org/suite/actions/ecr-push@v10',
    '- task: ECRPushImage@1',
    'rule java/sql-injection@v1.0',
  ])('is left alone in %s', (text) => {
    expect(replaceVersion(text, release)).toBe(text);
  });
});

describe('the preparation of a release', () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'release-'));
    for (const file of ['CHANGELOG.md', ...(await listVersionedFiles(root))]) {
      mkdirSync(dirname(join(scratch, file)), { recursive: true });
      cpSync(file, join(scratch, file));
    }
    execFileSync('git', ['init', '--quiet', scratch]);
    execFileSync('git', ['-C', scratch, 'add', '.']);
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  const read = (file: string): string => readFileSync(join(scratch, file), 'utf8');

  const addChange = (): void => {
    writeFileSync(
      join(scratch, 'CHANGELOG.md'),
      read('CHANGELOG.md').replace('## [Unreleased]\n', '## [Unreleased]\n\n- a change\n'),
    );
  };

  /** Lines of the versioned files with a version of this repository other than the expected one. */
  const findOtherVersions = async (version: string): Promise<string[]> => {
    const [major] = parseVersion(version);
    const full =
      '"@aws-delivery/[\\w-]+": "|/releases/download/v|aws-delivery-actions-|aws-delivery\\.aws-delivery-|const VERSION = \'';
    const partial = `${readRepositoryName()}[\\w./-]*@v|AWSDelivery\\w+@|/components/[\\w-]+@|\`@?v`;
    const own = new RegExp(`(?:${full})(?<full>\\d+\\.\\d+\\.\\d+)|(?:${partial})(?<major>\\d+)(?![\\w.])`, 'gu');
    return (await listVersionedFiles(scratch)).flatMap((file) =>
      [...read(file).matchAll(own)]
        .filter(
          ({ groups }) => (groups?.['full'] ?? version) !== version || Number(groups?.['major'] ?? major) !== major,
        )
        .map(([text]) => `${file}: ${text}`),
    );
  };

  it('makes the first version, the next one and the next major one, and leaves no other version behind', async () => {
    expect(await findOtherVersions('9.9.9')).not.toEqual([]);
    for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
      await prepareRelease(scratch, version, '2026-12-01');
      expect(readVersion(scratch)).toBe(version);
      expect(readMajorTag(scratch)).toBe(`v${parseVersion(version)[0]}`);
      expect(await findOtherVersions(version)).toEqual([]);
      expect(getReleaseSection(read('CHANGELOG.md'), version)).not.toBe('');
      addChange();
      writeFileSync(join(scratch, 'docs/migration.md'), '## From 1.x to 2.0.0\n');
    }
    const earlier = /(?<![\d.])1\.[01]\.0(?![\d.])|@v1(?![\w.])/u;
    const documents = (await listVersionedFiles(scratch)).filter((file) => /\.(?:md|ya?ml)$/u.test(file));
    expect(documents.filter((file) => earlier.test(read(file)))).toEqual([]);
    expect(read('examples/workflows/delivery.yml')).toContain('@v2');
  });

  it('rejects a major version without migration steps, and changes nothing', async () => {
    await prepareRelease(scratch, '1.0.0', '2026-12-01');
    addChange();
    const before = read('CHANGELOG.md');
    await expect(prepareRelease(scratch, '2.0.0', '2026-12-02')).rejects.toThrow("no section '## From 1.x to 2.0.0'");
    expect(read('CHANGELOG.md')).toBe(before);
  });

  it.each(['1.0.0', '0.9.9'])('rejects %s after 1.0.0', async (version) => {
    await prepareRelease(scratch, '1.0.0', '2026-12-01');
    addChange();
    await expect(prepareRelease(scratch, version, '2026-12-02')).rejects.toThrow(`${version} does not follow 1.0.0`);
  });
});
