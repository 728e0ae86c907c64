import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, type Step, withHarness } from '../harness.js';
import {
  createFinding,
  createPullRequestEnv,
  image,
  pushThroughGate,
  readReport,
  type ScanScenario,
} from './scan-harness.js';

const HIGH = createFinding('CVE-2026-1', { fixedIn: '1.0.1' });
const UNFIXED = createFinding('CVE-2026-2', { package: 'zlib' });

const createIgnoreFile = (lines: string): string => `ignore:\n  - ${lines}\n    reason: not reachable\n`;

const withFile =
  (text: string, name = '.ecr-ignore.yml') =>
  async (harness: Harness) => {
    await harness.writeWorkspaceFile(name, text);
    return undefined;
  };

describe('the ignore file', () => {
  it.each([
    ['an id', "ids: ['CVE-2026-*']"],
    ['a severity', 'severities: [high]'],
    ['a package', "tags: ['package:openssl']"],
    ['a repository', "tags: ['repository:app']"],
  ])('ignores findings by %s and shows the reason', async (_label, lines) => {
    const { failures, outputs, recorded } = await pushThroughGate({
      scanning: { findings: [HIGH] },
      before: withFile(createIgnoreFile(lines)),
    });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ high: 1 });
    expect(recorded.summary()).toContain('1 ignored finding');
    expect(recorded.summary()).toContain('not reachable (entry 1 of .ecr-ignore.yml)');
  });

  it('ignores no other finding', async () => {
    const { outputs } = await pushThroughGate({
      scanning: { findings: [HIGH] },
      before: withFile(createIgnoreFile("tags: ['repository:other']")),
    });
    expect(outputs['verdict']).toBe('blocked');
  });

  it.each([
    ['has expired', createIgnoreFile('ids: [CVE-1]\n    expires: 2020-01-31'), 'has expired'],
    ["'reason' is required", 'ignore:\n  - ids: [CVE-1]\n', "'reason' is required"],
  ])('fails the step before the push when an entry %s', async (_label, text, expected) => {
    const { failures, operations } = await pushThroughGate({ before: withFile(text) });
    expect(failures[0]).toContain(expected);
    expect(operations).not.toContain('PutManifest');
  });

  it.each([
    ['an id', 'ids: [CVE-1999-1]', true],
    ['a repository of this run', "tags: ['repository:app']\n    severities: [low]", true],
    ['a repository of other runs', "tags: ['repository:other']", false],
  ])('reports an entry with %s that matches nothing', async (_label, lines, isReported) => {
    const { failures } = await pushThroughGate({
      inputs: { 'fail-on': 'none', 'on-unused-exception': 'fail' },
      scanning: { findings: [HIGH] },
      before: withFile(createIgnoreFile(lines)),
    });
    expect(failures).toEqual(isReported ? [expect.stringContaining('entry 1 of .ecr-ignore.yml matches nothing')] : []);
  });

  it('must exist when the input names it', async () => {
    const { failures } = await pushThroughGate({ inputs: { 'ignore-file': 'mine.yml' } });
    expect(failures[0]).toContain("input 'ignore-file': cannot read 'mine.yml'");
  });
});

describe('a pull request', () => {
  const git = (directory: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: directory, encoding: 'utf8' });

  const commit = (directory: string, message: string): string => {
    git(directory, 'add', '.ecr-ignore.yml');
    git(directory, 'commit', '--quiet', '--message', message);
    return git(directory, 'rev-parse', 'HEAD').trim();
  };

  /** A checkout with different ignore files in head and base. */
  const push = (base: string, head: string): Promise<Step> =>
    pushThroughGate({
      scanning: { findings: [HIGH] },
      before: async (harness) => {
        const { directory } = harness;
        git(directory, 'init', '--quiet');
        await harness.writeWorkspaceFile('.ecr-ignore.yml', base);
        const from = commit(directory, 'base');
        await harness.writeWorkspaceFile('.ecr-ignore.yml', head);
        return createPullRequestEnv(harness, from, commit(directory, 'head'));
      },
    });

  it('cannot ignore its own finding', async () => {
    const { outputs, log } = await push(createIgnoreFile('ids: [CVE-1]'), createIgnoreFile('ids: [CVE-2026-1]'));
    expect(outputs['verdict']).toBe('blocked');
    expect(log).toContain('Using .ecr-ignore.yml from the base commit');
  });

  it('uses the ignore file of its base, which it deletes', async () => {
    const { outputs } = await push(createIgnoreFile('ids: [CVE-2026-1]'), createIgnoreFile('ids: [CVE-1]'));
    expect(outputs['verdict']).toBe('passed');
  });
});

describe('only-fixable', () => {
  const inputs = { 'only-fixable': 'true' };

  it('tolerates and shows findings without a fix', async () => {
    const scanning = { type: 'ENHANCED' as const, findings: [UNFIXED] };
    const { outputs, recorded } = await pushThroughGate({ inputs: { ...inputs, scan: 'enhanced' }, scanning });
    expect(outputs['verdict']).toBe('passed');
    expect(recorded.summary()).toContain('1 finding without an available fix');
  });

  it('fails on findings with a fix', async () => {
    const scanning = { type: 'ENHANCED' as const, findings: [UNFIXED, HIGH] };
    const { failures, recorded } = await pushThroughGate({ inputs: { ...inputs, scan: 'enhanced' }, scanning });
    expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
    expect(recorded.summary()).toContain('| openssl 1.0.0 | 1\\.0.1 |');
  });

  it('fails on all findings of a basic scan, which does not report fixes', async () => {
    const { outputs } = await pushThroughGate({ inputs, scanning: { findings: [UNFIXED] } });
    expect(outputs['verdict']).toBe('blocked');
  });
});

describe('the report', () => {
  const runThroughGate = <T>(use: (step: Step, harness: Harness) => Promise<T>): Promise<T> => {
    const scanning = { type: 'ENHANCED' as const, findings: [HIGH, UNFIXED] };
    return withHarness({ oneClock: true, ecr: { repositories: { app: {}, web: {} }, scanning } }, async (harness) => {
      await harness.writeWorkspaceFile('.ecr-ignore.yml', createIgnoreFile('ids: [CVE-2026-2]'));
      const inputs = { scan: 'enhanced', 'report-directory': 'reports' };
      return use(await harness.push(await harness.writeLayout('build', image), inputs), harness);
    });
  };

  it('is SARIF for code scanning: results have a location, ignored findings are suppressed', async () => {
    await runThroughGate(async (step, harness) => {
      expect(step.outputs['sarif-file']).toBe(join(harness.directory, 'reports', 'findings.sarif'));
      const sarif = await readReport(step, 'sarif-file');
      const [run] = sarif.runs;
      expect(run.tool.driver.name).toBe('Amazon Inspector');
      expect(run.tool.driver.rules[0].properties['security-severity']).toBe('8.0');
      expect(run.results).toMatchObject([
        { ruleId: 'CVE-2026-1', suppressions: [], message: { text: 'CVE-2026-1 in openssl 1.0.0 (fixed in 1.0.1)' } },
        {
          ruleId: 'CVE-2026-2',
          suppressions: [{ kind: 'external', justification: expect.stringContaining('not reach') }],
        },
      ]);
      for (const result of run.results) {
        const [{ physicalLocation, logicalLocations }] = result.locations;
        expect(decodeURIComponent(physicalLocation.artifactLocation.uri)).toBe(`${harness.host}/app`);
        expect(physicalLocation.region).toEqual({ startLine: 1 });
        expect(logicalLocations[0].fullyQualifiedName).toBe(`${harness.host}/app`);
      }
      expect(
        readSarif(JSON.stringify(sarif), { name: 'ours', top: '/', root: '/', workspace: '/', exists: () => false })
          .findings,
      ).toHaveLength(2);
    });
  });

  it('has fingerprints that are stable between builds and differ between repositories', async () => {
    const ecr = { repositories: { app: {}, web: {} }, scanning: { findings: [HIGH] } };
    await withHarness({ oneClock: true, ecr }, async (harness) => {
      const readFingerprint = async (command: string, repository: string): Promise<string> => {
        const source = await harness.writeLayout(command, createImage({ command }));
        const step = await harness.push(source, { scan: 'basic', repository });
        return (await readReport(step, 'json-file')).findings[0].fingerprint;
      };
      const first = await readFingerprint('one', 'app');
      expect(await readFingerprint('two', 'app')).toBe(first);
      expect(await readFingerprint('two', 'web')).not.toBe(first);
    });
  });

  it('has every image and finding as JSON', async () => {
    await runThroughGate(async (step, harness) => {
      expect(await readReport(step, 'json-file')).toMatchObject({
        verdict: 'blocked',
        counts: { high: 2 },
        images: [
          { image: `${harness.host}/app@${image.manifest.digest}`, scanner: 'Amazon Inspector', unanswered: [] },
        ],
        findings: [
          { id: 'CVE-2026-1', standing: 'fails', fixable: 'yes', packages: [{ name: 'openssl', fixedIn: '1.0.1' }] },
          { id: 'CVE-2026-2', standing: 'ignored', fixable: 'no' },
        ],
      });
    });
  });

  it('that cannot be written is a warning and does not change the verdict', async () => {
    const { outputs, failures, log } = await pushThroughGate({
      inputs: { 'report-directory': 'taken/reports' },
      before: withFile('a file', 'taken'),
    });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
    expect(outputs).not.toHaveProperty('sarif-file');
    expect(log).toContain('Cannot write the report file');
  });
});

describe('several images', () => {
  const run = (images: readonly object[], findings: ScanScenario['scanning'] = {}) =>
    withHarness(
      { oneClock: true, ecr: { repositories: { app: {}, web: {} }, scanning: findings } },
      async (harness) => {
        await harness.writeLayout('one', image);
        await harness.writeLayout('two', createImage({ command: 'two' }));
        return harness.run({ inputs: { images: JSON.stringify(images), scan: 'basic' } });
      },
    );

  it('are each scanned and reported', async () => {
    const digest = createImage({ command: 'two' }).manifest.digest;
    const { failures, outputs } = await run(
      [
        { source: 'oci:one', repository: 'app', tags: '1' },
        { source: 'oci:two', repository: 'web', tags: '1' },
      ],
      { findings: [createFinding('CVE-2026-1', { image: digest })] },
    );
    expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
    expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([{ verdict: 'passed' }, { verdict: 'blocked' }]);
  });

  it('do not pass when one of them was not pushed', async () => {
    const { failures, outputs } = await run([
      { source: 'oci:one', repository: 'app', tags: '1' },
      { source: 'oci:none', repository: 'web', tags: '1' },
    ]);
    expect(failures[0]).toContain('/web: ');
    expect(outputs['verdict']).toBe('unknown');
  });

  it.each([
    ['basic', 'BASIC'],
    ['enhanced', 'ENHANCED'],
  ] as const)('are all scanned when AWS throttles above five calls a second (%s)', async (scan, type) => {
    const commands = Array.from({ length: 20 }, (_, number) => `image-${number}`);
    const ecr = {
      repositories: { app: {} },
      scanning: { type, findings: [createFinding('CVE-2026-1', { severity: 'LOW' })] },
    };
    const faults = ['ecr', 'inspector2'].map((service) => ({ fault: 'throttle' as const, above: 5, service }));
    await withHarness({ oneClock: true, ecr, faults }, async (harness) => {
      for (const command of commands) await harness.writeLayout(command, createImage({ command }));
      const images = commands.map((command) => ({ source: `oci:${command}`, repository: 'app', tags: command }));
      const { failures, outputs, calls } = await harness.run({ inputs: { images: JSON.stringify(images), scan } });
      expect(failures).toEqual([]);
      expect(calls.some(({ error }) => /Throttl/u.test(error ?? ''))).toBe(true);
      expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ low: 20 });
    });
  });

  it('with the same digest are scanned once', async () => {
    const { operations, outputs } = await run(
      [
        { source: 'oci:one', repository: 'app', tags: '1' },
        { source: 'oci:one', repository: 'app', tags: '2' },
      ],
      { findings: [HIGH] },
    );
    expect(operations.filter((name) => name === 'StartImageScan')).toHaveLength(1);
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ high: 1 });
    expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([{ verdict: 'blocked' }, { verdict: 'blocked' }]);
  });
});

describe('mode: check', () => {
  it('evaluates existing images, and has no verdict without any', async () => {
    const ecr = { repositories: { app: {} }, scanning: { findings: [HIGH] } };
    await withHarness({ oneClock: true, ecr, allowed: ['always', 'push', 'scan-basic'] }, async (harness) => {
      const inputs = { mode: 'check', repository: 'app', tags: '1.0', scan: 'basic' };
      const before = await harness.run({ inputs });
      expect(before.failures).toEqual([]);
      expect(before.outputs).not.toHaveProperty('verdict');
      await harness.push(await harness.writeLayout('build', image));
      const after = await harness.run({ inputs });
      expect(after.outputs).toMatchObject({ exists: 'true', verdict: 'blocked' });
    });
  });
});

describe('a scan gate for ECR Public', () => {
  it('is rejected', async () => {
    const { failures } = await pushThroughGate({ inputs: { 'registry-type': 'public', repository: 'alias/app' } });
    expect(failures[0]).toContain("input 'scan': 'basic' is not available for ECR Public");
  });
});
