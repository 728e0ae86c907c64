import { describe, expect, it } from '@jest/globals';
import { buildLocation, buildLog, type Json, ROOT, read, readFinding, readScan } from './sarif-log.js';

describe('readSarif reads the log of', () => {
  it('ESLint, with absolute paths and suppression comments', () => {
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

  it('ESLint with a gap for a file that it could not parse', () => {
    const { findings, gaps } = readScan('eslint-unparsed');
    expect(findings).toEqual([]);
    expect(gaps).toEqual(['ESLint reported that its run failed: Parsing error: Unexpected token']);
  });

  it('Semgrep, with levels from the rules', () => {
    const { findings } = readScan('semgrep');
    expect(findings.map(({ severity, rule, location }) => [severity, rule.tags, location?.file])).toEqual([
      ['high', ['CWE-95', 'security'], 'src/app.js'],
      ['high', ['CWE-95', 'security'], 'src/app.js'],
    ]);
  });

  it('Semgrep with a warning for a file that it could not parse', () => {
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

describe('the severity', () => {
  it.each<[string, Json, Json, string]>([
    ['the level of the result', { level: 'note' }, {}, 'info'],
    ['medium without level, kind and score', {}, {}, 'medium'],
    ['the level of the rule', { ruleId: 'r' }, { defaultConfiguration: { level: 'error' } }, 'high'],
    [
      'the score of the rule',
      { ruleId: 'r', level: 'note' },
      { properties: { 'security-severity': '9.1' } },
      'critical',
    ],
    ['the score of the rule as a number', { ruleId: 'r' }, { properties: { 'security-severity': 7 } }, 'high'],
    [
      'the level if the score is out of range',
      { ruleId: 'r', level: 'error' },
      { properties: { 'security-severity': '11' } },
      'high',
    ],
    [
      'the property severity that write-sarif sets',
      { level: 'error', properties: { severity: 'critical' } },
      {},
      'critical',
    ],
    ['medium for the kind review', { kind: 'review', level: 'none' }, {}, 'medium'],
    ['none for a result with the level none', { kind: 'fail', level: 'none' }, {}, 'none'],
    ['none for a rule with the level none', { ruleId: 'r' }, { defaultConfiguration: { level: 'none' } }, 'none'],
    ['info for the kind informational', { kind: 'informational', level: 'none' }, {}, 'info'],
  ])('is %s', (_, result, rule, expected) => {
    expect(readFinding(buildLog(result, { rules: [{ id: 'r', ...rule }] })).severity).toBe(expected);
  });
});

describe('the rule', () => {
  const rules = [{ id: 'a' }, { id: 'b', name: 'Bee', messageStrings: { m: { text: 'saw {0} and {1}' } } }];
  it.each<[string, Json]>([
    ['its index', { ruleIndex: 1 }],
    ['its id', { ruleId: 'b' }],
    ['a sub-id of its id', { ruleId: 'b/1' }],
    ['a reference', { rule: { id: 'b' } }],
  ])('is found by %s', (_, result) => {
    expect(readFinding(buildLog(result, { rules })).rule.name).toBe('Bee');
  });

  it('is found by the longest matching prefix of a sub-id', () => {
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

  it('provides the template of a message', () => {
    expect(readFinding(buildLog({ ruleId: 'b', message: { id: 'm', arguments: ['x', 'y'] } }, { rules })).message).toBe(
      'saw x and y',
    );
  });
});

describe('an artifact path', () => {
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
  ])('%s with %j resolves to %s', (uri, more, file) => {
    const finding = readFinding(buildLog(buildLocation(uri, more), {}, { originalUriBaseIds: bases }));
    expect(finding.location?.file).toBe(file);
    if (file === undefined) expect(finding.message).toContain('outside of the repository');
  });

  it('resolves through the index into artifacts', () => {
    const result = { locations: [{ physicalLocation: { artifactLocation: { index: 0 } } }] };
    expect(readFinding(buildLog(result, {}, { artifacts: [{ location: { uri: 'a.ts' } }] })).location).toEqual({
      file: 'a.ts',
    });
  });
});

describe('a result is not a finding with', () => {
  it.each<[Json]>([[{ kind: 'pass' }], [{ kind: 'notApplicable' }], [{ baselineState: 'absent' }]])('%j', (result) => {
    expect(read(buildLog(result)).findings).toEqual([]);
  });
});

describe('the reason of a suppression', () => {
  it.each<[Json, string | undefined]>([
    [{ kind: 'external', status: 'accepted', justification: 'known' }, 'known'],
    [{ kind: 'inSource' }, ''],
    [{ kind: 'external', status: 'underReview' }, undefined],
    [{ kind: 'external', status: 'rejected' }, undefined],
    [{ kind: 'external', state: 'rejected' }, undefined],
  ])('of %j is %p', (suppression, reason) => {
    expect(readFinding(buildLog({ suppressions: [suppression] })).suppression?.reason).toBe(reason);
  });
});

describe('readSarif rejects', () => {
  it.each([
    ['', 'invalid JSON (Unexpected end of JSON input). Make sure that the scanner completes'],
    ['null', 'the file: Invalid input: expected object'],
    ['{"version":"2.1.0"}', 'runs: Invalid input: expected array'],
    [buildLog({ level: 'fatal' }), 'runs[0].results[0].level: Invalid option'],
    [buildLog({ message: 'text' }), 'runs[0].results[0].message: Invalid input: expected object'],
    [buildLog(buildLocation('a', {}, { startLine: 0 })), 'region.startLine: Too small'],
    [buildLog({ level: 1, kind: 2 }), '(and 1 more error)'],
  ])('%s with %s', (content, message) => {
    expect(() => read(content)).toThrow(message);
  });
});

it('reads a file with a byte order mark', () => {
  expect(read(`\ufeff${buildLog()}`).findings).toHaveLength(1);
});

describe('a gap', () => {
  const buildNotifications = (level: string, ...texts: readonly string[]) => ({
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: texts.map((text) => ({ level, message: { text } })),
      },
    ],
  });
  it.each<[string, Json, string]>([
    [
      'a scanner that did not finish',
      { invocations: [{ executionSuccessful: false }] },
      'reported that its run failed',
    ],
    ['a run whose results are null', { results: null }, "has no 'results' property"],
    ['a run without results', { results: undefined }, "has no 'results' property"],
    [
      'a run with results in other files',
      { externalPropertyFileReferences: { results: [{}] } },
      'which are not supported',
    ],
    [
      'an error of the scanner',
      buildNotifications('error', 'a.js: cannot be parsed', 'b'),
      'a.js: cannot be parsed (and 1 more',
    ],
  ])('is reported for %s', (_, run, gap) => {
    expect(read(buildLog({}, {}, run)).gaps).toEqual([expect.stringContaining(gap)]);
  });

  it('is reported for a log without runs', () => {
    expect(read('{"version":"2.1.0","runs":[]}').gaps).toEqual([
      "'scan.sarif' contains no runs, so no analysis was run",
    ]);
  });

  it('is not reported for warnings or an empty list of results', () => {
    expect(read(buildLog({}, {}, { ...buildNotifications('warning', 'slow'), results: [] })).gaps).toEqual([]);
  });
});

it('reads every run of a log, even if another run did not finish', () => {
  const runs = ['one', 'two'].map((name) => JSON.parse(buildLog({}, { name })).runs[0]);
  runs.push({ tool: { driver: { name: 'three' } }, invocations: [{ executionSuccessful: false }], results: [] });
  const { scanners, findings, gaps } = read(JSON.stringify({ version: '2.1.0', runs }));
  expect([scanners, findings.map(({ source }) => source)]).toEqual([
    ['one', 'two', 'three'],
    ['one', 'two'],
  ]);
  expect(gaps).toEqual(['three reported that its run failed; see its log']);
});

it('returns the commits that a scanner states as scanned', () => {
  const provenance = [{ repositoryUri: 'https://github.test/octocat/shop', revisionId: 'abc' }];
  expect(read(buildLog({}, {}, { versionControlProvenance: provenance })).revisions).toEqual(['abc']);
});

it('finds rules by id among thousands in less than 2 s', () => {
  const rules = Array.from({ length: 5000 }, (_, index) => ({ id: `rule-${index}`, name: `Rule ${index}` }));
  const results = Array.from({ length: 10_000 }, () => ({ message: { text: 'x' }, ruleId: 'rule-4999' }));
  const start = performance.now();
  expect(read(buildLog({}, { rules }, { results })).findings.at(-1)?.rule.name).toBe('Rule 4999');
  expect(performance.now() - start).toBeLessThan(2000);
});
