import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import draft04 from 'ajv-draft-04';
import { matchBaseline } from '../../src/baseline.js';
import { compareFindings, type Finding } from '../../src/finding.js';
import { computeFingerprints, FINGERPRINT_NAME } from '../../src/fingerprint.js';
import { readSarif } from '../../src/sarif/read-sarif.js';
import { type ReportedFinding, writeSarif } from '../../src/sarif/write-sarif.js';

const ROOT = '/home/runner/work/shop/shop';
const read = (content: string) => readSarif(content, { name: 'scan.sarif', root: ROOT });
const readScan = (name: string) => read(readFileSync(new URL(`scanners/${name}.sarif`, import.meta.url), 'utf8'));

type Json = Readonly<Record<string, unknown>>;

/** A log with one result, whose parts a test may change. */
const buildLog = (result: Json = {}, driver: Json = {}, run: Json = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Scanner', ...driver } },
        results: [{ message: { text: 'found' }, ...result }],
        ...run,
      },
    ],
  });

const readFinding = (content: string): Finding => {
  const [finding] = read(content).findings;
  if (finding === undefined) throw new RangeError('no finding');
  return finding;
};

const buildLocation = (uri: string, more: Json = {}, region: Json = { startLine: 3 }) => ({
  locations: [{ physicalLocation: { artifactLocation: { uri, ...more }, region } }],
});

describe('real scanners are read:', () => {
  it('ESLint, with whole paths and comments that suppress', () => {
    const { findings, scanners, gaps } = readScan('eslint');
    expect([scanners, gaps]).toEqual([['ESLint'], []]);
    expect(
      findings.map(({ rule, severity, location }) => [rule.id, severity, location?.file, location?.startLine]),
    ).toEqual([
      ['no-cond-assign', 'high', 'src/app.js', 2],
      ['no-constant-condition', 'high', 'src/app.js', 2],
      ['no-unused-vars', 'medium', 'src/app.js', 2],
      ['no-eval', 'high', 'src/app.js', 3],
      ['no-eval', 'high', 'src/app.js', 6],
    ]);
    expect(findings.map(({ suppression }) => suppression?.kind)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'inSource',
    ]);
    expect(findings[0]?.rule.help).toBe('https://eslint.org/docs/latest/rules/no-cond-assign');
  });

  it('ESLint where it could not parse a file: no clean result', () => {
    const { findings, gaps } = readScan('eslint-unparsed');
    expect(findings).toEqual([]);
    expect(gaps).toEqual(['ESLint says that it did not finish: Parsing error: Unexpected token']);
  });

  it('Semgrep, whose level stands at the rule', () => {
    const { findings } = readScan('semgrep');
    expect(findings.map(({ severity, rule, location }) => [severity, rule.tags, location?.file])).toEqual([
      ['high', ['CWE-95', 'security'], 'src/app.js'],
      ['high', ['CWE-95', 'security'], 'src/app.js'],
    ]);
  });

  it('Semgrep where it could not parse a file, which it only warns of', () => {
    const { gaps, warnings } = readScan('semgrep-unparsed');
    expect(gaps).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('Semgrep OSS: Syntax error at line src/bad.js:1')]);
  });

  it('cfn-lint', () => {
    const { findings } = readScan('cfn-lint');
    expect(
      findings.map(({ rule, severity, location }) => [rule.id, severity, location?.file, location?.startLine]),
    ).toEqual([
      ['W2001', 'medium', 'template.yml', 3],
      ['E3002', 'high', 'template.yml', 8],
    ]);
  });
});

describe('a severity', () => {
  it.each<[string, Json, Json, string]>([
    ['the level', { level: 'note' }, {}, 'info'],
    ['a warning where nothing is said', {}, {}, 'medium'],
    ['the level of the rule', { ruleId: 'r' }, { defaultConfiguration: { level: 'error' } }, 'high'],
    [
      'the score of the rule',
      { ruleId: 'r', level: 'note' },
      { properties: { 'security-severity': '9.1' } },
      'critical',
    ],
    ['a score that is a number', { ruleId: 'r' }, { properties: { 'security-severity': 7 } }, 'high'],
    [
      'no score that makes no sense',
      { ruleId: 'r', level: 'error' },
      { properties: { 'security-severity': '11' } },
      'high',
    ],
    ['what we wrote ourselves', { level: 'error', properties: { severity: 'critical' } }, {}, 'critical'],
    ['what a review is to settle', { kind: 'review', level: 'none' }, {}, 'medium'],
    ['none where a finding has not been ranked', { kind: 'fail', level: 'none' }, {}, 'none'],
    ['none where its rule is not ranked', { ruleId: 'r' }, { defaultConfiguration: { level: 'none' } }, 'none'],
    ['what only informs', { kind: 'informational', level: 'none' }, {}, 'info'],
  ])('is %s', (_, result, rule, expected) => {
    expect(readFinding(buildLog(result, { rules: [{ id: 'r', ...rule }] })).severity).toBe(expected);
  });
});

describe('a rule', () => {
  const rules = [{ id: 'a' }, { id: 'b', name: 'Bee', messageStrings: { m: { text: 'saw {0} and {1}' } } }];
  it.each<[string, Json]>([
    ['its index', { ruleIndex: 1 }],
    ['its id', { ruleId: 'b' }],
    ['the id of a part of it', { ruleId: 'b/1' }],
    ['a reference', { rule: { id: 'b' } }],
  ])('is found by %s', (_, result) => {
    expect(readFinding(buildLog(result, { rules })).rule.name).toBe('Bee');
  });

  it('is found by the most of its id', () => {
    const nestedRules = [
      { id: 'b', name: 'Bee' },
      { id: 'b/1', name: 'First bee' },
    ];
    expect(readFinding(buildLog({ ruleId: 'b/1/x' }, { rules: nestedRules })).rule.name).toBe('First bee');
  });

  it('is found in an extension', () => {
    const run = { tool: { driver: { name: 'CodeQL' }, extensions: [{ name: 'queries', rules }] } };
    expect(readFinding(buildLog({ rule: { index: 1, toolComponent: { index: 0 } } }, {}, run)).rule.name).toBe('Bee');
    expect(readFinding(buildLog({ ruleId: 'b' }, {}, run)).rule.name).toBe('Bee');
  });

  it('gives the words of a message', () => {
    expect(readFinding(buildLog({ ruleId: 'b', message: { id: 'm', arguments: ['x', 'y'] } }, { rules })).message).toBe(
      'saw x and y',
    );
  });
});

describe('a path', () => {
  const bases = {
    SRC: { uri: 'src/', uriBaseId: 'ROOT' },
    ROOT: { uri: `file://${ROOT}/` },
    BOX: { uri: 'file:///src/' },
  };
  it.each<[string, Json, string | undefined]>([
    ['src/a.ts', {}, 'src/a.ts'],
    ['./src/a%20b.ts', {}, 'src/a b.ts'],
    [`file://${ROOT}/src/a.ts`, {}, 'src/a.ts'],
    [`${ROOT}/src/a.ts`, {}, 'src/a.ts'],
    ['a.ts', { uriBaseId: 'SRC' }, 'src/a.ts'],
    ['a.ts', { uriBaseId: 'BOX' }, 'a.ts'],
    ['a.ts', { uriBaseId: 'UNKNOWN' }, 'a.ts'],
    ['100%.ts', {}, '100%.ts'],
    ['half\ud800.ts', {}, 'half\ufffd.ts'],
    ['src/../../../etc/passwd', {}, undefined],
    ['%2e%2e/%2e%2e/etc/passwd', {}, undefined],
    ['file:///etc/passwd', {}, undefined],
    ['/etc/passwd', {}, undefined],
    ['https://example.com/a.ts', {}, undefined],
    ['C:\\Windows\\win.ini', {}, undefined],
  ])('%s %j is %s', (uri, more, file) => {
    const finding = readFinding(buildLog(buildLocation(uri, more), {}, { originalUriBaseIds: bases }));
    expect(finding.location?.file).toBe(file);
    if (file === undefined) expect(finding.message).toContain('outside of the repository');
  });

  it('stands in the list of artifacts', () => {
    const result = { locations: [{ physicalLocation: { artifactLocation: { index: 0 } } }] };
    expect(readFinding(buildLog(result, {}, { artifacts: [{ location: { uri: 'a.ts' } }] })).location).toEqual({
      file: 'a.ts',
    });
  });
});

describe('what is not a finding', () => {
  it.each<[Json]>([[{ kind: 'pass' }], [{ kind: 'notApplicable' }], [{ baselineState: 'absent' }]])('%j', (result) => {
    expect(read(buildLog(result)).findings).toEqual([]);
  });
});

describe('a suppression', () => {
  it.each<[Json, string | undefined]>([
    [{ kind: 'external', status: 'accepted', justification: 'known' }, 'known'],
    [{ kind: 'inSource' }, ''],
    [{ kind: 'external', status: 'underReview' }, undefined],
    [{ kind: 'external', status: 'rejected' }, undefined],
    [{ kind: 'external', state: 'rejected' }, undefined],
  ])('%j', (suppression, reason) => {
    expect(readFinding(buildLog({ suppressions: [suppression] })).suppression?.reason).toBe(reason);
  });
});

describe('refuses', () => {
  it.each([
    ['', 'Unexpected end of JSON input; let the scanner finish'],
    ['null', 'the log: Invalid input: expected object'],
    ['{"version":"2.1.0"}', 'runs: Invalid input: expected array'],
    [buildLog({ level: 'fatal' }), 'runs[0].results[0].level: Invalid option'],
    [buildLog({ message: 'text' }), 'runs[0].results[0].message: Invalid input: expected object'],
    [buildLog(buildLocation('a', {}, { startLine: 0 })), 'region.startLine: Too small'],
    [buildLog({ level: 1, kind: 2 }), '(and 1 more faults)'],
  ])('%s', (content, message) => {
    expect(() => read(content)).toThrow(message);
  });
});

it('reads a file with a byte order mark', () => {
  expect(read(`\ufeff${buildLog()}`).findings).toHaveLength(1);
});

describe('a gap is', () => {
  const buildNotifications = (level: string, ...texts: readonly string[]) => ({
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: texts.map((text) => ({ level, message: { text } })),
      },
    ],
  });
  it.each<[string, Json, string]>([
    ['a scanner that did not finish', { invocations: [{ executionSuccessful: false }] }, 'that it did not finish'],
    ['a run whose results are null', { results: null }, 'it did not look'],
    ['a run without results', { results: undefined }, 'it did not look'],
    ['a run with results elsewhere', { externalPropertyFileReferences: { results: [{}] } }, 'are not read'],
    [
      'an error of the scanner',
      buildNotifications('error', 'a.js: cannot be parsed', 'b'),
      'a.js: cannot be parsed (and 1 more',
    ],
  ])('%s', (_, run, gap) => {
    expect(read(buildLog({}, {}, run)).gaps).toEqual([expect.stringContaining(gap)]);
  });

  it('a log in which nobody looked', () => {
    expect(read('{"version":"2.1.0","runs":[]}').gaps).toEqual(["'scan.sarif' names no scanner that looked"]);
  });

  it('not what a scanner only warns of, and not an empty list of results', () => {
    expect(read(buildLog({}, {}, { ...buildNotifications('warning', 'slow'), results: [] })).gaps).toEqual([]);
  });
});

it('reads every run of a log, also where another did not finish', () => {
  const runs = ['one', 'two'].map((name) => JSON.parse(buildLog({}, { name })).runs[0]);
  runs.push({ tool: { driver: { name: 'three' } }, invocations: [{ executionSuccessful: false }], results: [] });
  const { scanners, findings, gaps } = read(JSON.stringify({ version: '2.1.0', runs }));
  expect([scanners, findings.map(({ source }) => source)]).toEqual([
    ['one', 'two', 'three'],
    ['one', 'two'],
  ]);
  expect(gaps).toEqual(['three says that it did not finish, see its log']);
});

it('says which commits a scanner looked at', () => {
  const provenance = [{ repositoryUri: 'https://github.test/octocat/shop', revisionId: 'abc' }];
  expect(read(buildLog({}, {}, { versionControlProvenance: provenance })).revisions).toEqual(['abc']);
});

it('finds rules by their ids among thousands, in time', () => {
  const rules = Array.from({ length: 5000 }, (_, index) => ({ id: `rule-${index}`, name: `Rule ${index}` }));
  const results = Array.from({ length: 10_000 }, () => ({ message: { text: 'x' }, ruleId: 'rule-4999' }));
  const start = performance.now();
  expect(read(buildLog({}, { rules }, { results })).findings.at(-1)?.rule.name).toBe('Rule 4999');
  expect(performance.now() - start).toBeLessThan(2000);
});

describe('a fingerprint', () => {
  const createFinding = (line: number, more: Json = {}) =>
    readFinding(buildLog({ ruleId: 'r', ...buildLocation('a.ts', {}, { startLine: line }), ...more }));
  const getFingerprint = (finding: Finding, code?: string) => computeFingerprints([finding], () => code)[0];

  it('stays when lines move and indentation changes', () => {
    expect(getFingerprint(createFinding(3), 'run(x);')).toBe(getFingerprint(createFinding(9), '   run(x);  '));
  });

  it.each<[string, Finding, string]>([
    ['the code', createFinding(3), 'run(y);'],
    ['the rule', createFinding(3, { ruleId: 'q' }), 'run(x);'],
    ['the file', createFinding(3, buildLocation('b.ts')), 'run(x);'],
  ])('changes with %s', (_, changed, code) => {
    expect(getFingerprint(changed, code)).not.toBe(getFingerprint(createFinding(3), 'run(x);'));
  });

  it('tells equal code apart by its order', () => {
    const [first, second] = [createFinding(3), createFinding(9)];
    const [a, b] = computeFingerprints([second, first], () => 'run(x);');
    expect([a?.endsWith(':2'), b?.endsWith(':1')]).toEqual([true, true]);
  });

  it('takes the message where there is no code, without its numbers', () => {
    const [left, right] = ['line 3 is long', 'line 9 is long'].map((text) => createFinding(1, { message: { text } }));
    expect(left && getFingerprint(left)).toBe(right && getFingerprint(right));
  });
});

describe('a baseline', () => {
  const withFingerprint = (finding: Finding, fingerprint?: string) => ({ finding, fingerprint });

  it('knows a finding by our fingerprint', () => {
    const [old, now] = [
      readFinding(buildLog({ partialFingerprints: { [FINGERPRINT_NAME]: 'x:1' } })),
      readFinding(buildLog()),
    ];
    expect(matchBaseline([withFingerprint(now, 'x:1')], [old]).get(now)).toBe(old);
    expect(matchBaseline([withFingerprint(now, 'y:1')], [old]).size).toBe(0);
  });

  it("knows a finding by the scanner's own fingerprint", () => {
    const [old, now] = ['a', 'b'].map((text) =>
      readFinding(buildLog({ message: { text }, fingerprints: { v1: 'same' } })),
    );
    if (old === undefined || now === undefined) throw new RangeError('no findings');
    expect(matchBaseline([withFingerprint(now, 'z')], [old]).size).toBe(1);
  });

  it('takes no word for a fingerprint that Semgrep puts in its place', () => {
    const [first, second] = readScan('semgrep').findings;
    if (first === undefined || second === undefined) throw new RangeError('no findings');
    const changed = { ...second, message: 'something else' };
    expect(matchBaseline([withFingerprint(changed, 'z')], [first]).size).toBe(0);
  });

  it('knows one of two equal findings where there was one', () => {
    const [a, b, old] = [readFinding(buildLog()), readFinding(buildLog()), readFinding(buildLog())];
    expect(matchBaseline([withFingerprint(a), withFingerprint(b)], [old]).size).toBe(1);
  });
});

describe('SARIF that is written', () => {
  const schema: Json = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const validate = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  const names = ['eslint', 'semgrep', 'cfn-lint'];
  const findings = names.flatMap((name) => readScan(name).findings).sort(compareFindings);
  const fingerprints = computeFingerprints(findings, () => undefined);
  const reportedFindings = findings.map((finding, index): ReportedFinding => {
    return {
      finding,
      fingerprint: fingerprints[index] ?? '',
      state: index % 2 === 0 ? 'new' : 'unchanged',
      ignored: index === 0 ? 'known' : undefined,
    };
  });
  const options = { category: 'codeguru-review', commit: 'abc' };
  const whole = writeSarif(reportedFindings, ['Silent'], options);

  it('is valid by the official schema', () => {
    expect(validate(JSON.parse(JSON.stringify(whole))) ? [] : validate.errors).toEqual([]);
    expect(validate({ version: '2.1.0' })).toBe(false);
  });

  it('has a run for each scanner, also for one that found nothing', () => {
    expect(whole.runs.map(({ tool, results }) => [tool.driver.name, results?.length]).sort()).toEqual([
      ['ESLint', 5],
      ['Semgrep OSS', 2],
      ['Silent', 0],
      ['cfn-lint', 2],
    ]);
  });

  it('has a security score only for rules about security', () => {
    const scores = whole.runs.map(({ tool }) =>
      tool.driver.rules?.map(({ properties }) => properties?.['security-severity']),
    );
    expect(scores.flat().filter((score) => score !== undefined)).toEqual(['8.0']);
  });

  it('is read back as it was', () => {
    const again = read(JSON.stringify(whole)).findings.toSorted(compareFindings);
    const summarize = ({ source, rule, severity, message, location }: Finding) => [
      source,
      rule.id,
      severity,
      message,
      location,
    ];
    expect(again.map(summarize)).toEqual(findings.map(summarize));
    const baseline = findings.map((finding, index) => withFingerprint(finding, fingerprints[index]));
    expect(matchBaseline(baseline, again).size).toBe(findings.length);
  });

  const withFingerprint = (finding: Finding, fingerprint: string | undefined) => ({ finding, fingerprint });
});
