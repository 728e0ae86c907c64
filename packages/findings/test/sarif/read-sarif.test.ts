import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decodeSarif } from '../../src/sarif/decode-sarif.js';
import { readSarif } from '../../src/sarif/read-sarif.js';
import { buildLocation, buildLog, type Json, ROOT, read, readFinding, readScan } from './sarif-log.js';

describe('readSarif reads the log of', () => {
  it.each([
    ['ruff', ['F401 high src/app.py:1', 'F841 high src/app.py:12']],
    [
      'bandit',
      [
        'B403 info src/app.py:2',
        'B404 info src/app.py:3',
        'B602 high src/app.py:7',
        // Without a level, it is a warning (SARIF 3.27.10).
        'B301 medium src/app.py:8',
        'B101 info src/app.py:13',
      ],
    ],
    [
      'zizmor',
      [
        'zizmor/artipacked medium .github/workflows/ci.yml:6',
        'zizmor/excessive-permissions medium .github/workflows/ci.yml:3',
        'zizmor/dangerous-triggers high .github/workflows/ci.yml:1',
        'zizmor/template-injection high .github/workflows/ci.yml:9',
        'zizmor/unpinned-uses high .github/workflows/ci.yml:6',
      ],
    ],
  ])('%s', (name, expected) => {
    const { findings, gaps } = readScan(name);
    expect(gaps).toEqual([]);
    expect(
      findings.map(({ rule, severity, location }) => `${rule.id} ${severity} ${location?.file}:${location?.startLine}`),
    ).toEqual(expected);
  });

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
      'the severity that write-sarif recorded',
      { level: 'error', properties: { severity: 'critical' }, partialFingerprints: { 'awsDelivery/v1': 'a:1' } },
      {},
      'critical',
    ],
    [
      'the score as a word',
      { ruleId: 'r', level: 'warning' },
      { properties: { 'security-severity': 'CRITICAL' } },
      'critical',
    ],
    [
      'the score as the word moderate',
      { ruleId: 'r', level: 'error' },
      { properties: { 'security-severity': 'Moderate' } },
      'medium',
    ],
    [
      'the level if the score is unknown',
      { ruleId: 'r', level: 'error' },
      { properties: { 'security-severity': 'unknown' } },
      'high',
    ],
    [
      'the score of the rule rather than that of the result',
      { ruleId: 'r', properties: { 'security-severity': '2' } },
      { properties: { 'security-severity': '9.8' } },
      'critical',
    ],
    ['the score of the result', { level: 'note', properties: { 'security-severity': '9.8' } }, {}, 'critical'],
    [
      'the level rather than the property severity of another tool',
      { level: 'note', properties: { severity: 'critical' } },
      {},
      'info',
    ],
    [
      'the default of the rule rather than the property severity',
      { ruleId: 'r', properties: { severity: 'critical' } },
      { defaultConfiguration: { level: 'note' } },
      'info',
    ],
    ['the property severity without anything else', { properties: { severity: 'critical' } }, {}, 'critical'],
    ['the property severity of the rule', { ruleId: 'r' }, { properties: { severity: 'HIGH' } }, 'high'],
    ['medium for an unknown property severity', { properties: { severity: 'odd' } }, {}, 'medium'],
    ['medium for the kind review', { kind: 'review', level: 'none' }, {}, 'medium'],
    ['none for a result with the level none', { kind: 'fail', level: 'none' }, {}, 'none'],
    ['none for a rule with the level none', { ruleId: 'r' }, { defaultConfiguration: { level: 'none' } }, 'none'],
    ['info for the kind informational', { kind: 'informational', level: 'none' }, {}, 'info'],
  ])('is %s', (_, result, rule, expected) => {
    expect(readFinding(buildLog(result, { rules: [{ id: 'r', ...rule }] })).severity).toBe(expected);
  });
});

describe('a configuration override', () => {
  const rule = (level: string) => ({ rules: [{ id: 'r', defaultConfiguration: { level } }] });
  const invocation = (level: string, descriptor: Json = { id: 'r' }) => ({
    executionSuccessful: true,
    ruleConfigurationOverrides: [{ descriptor, configuration: { level } }],
  });
  it.each<[string, Json, Json, readonly Json[], string]>([
    ['raises the level of the rule', { ruleId: 'r' }, rule('note'), [invocation('error')], 'high'],
    ['lowers the level of the rule', { ruleId: 'r' }, rule('error'), [invocation('note', { index: 0 })], 'info'],
    [
      'does not replace the level of the result',
      { ruleId: 'r', level: 'error' },
      rule('note'),
      [invocation('note')],
      'high',
    ],
    ['does not apply to other rules', { ruleId: 'r' }, rule('error'), [invocation('note', { id: 'other' })], 'high'],
    [
      'of another invocation does not apply',
      { ruleId: 'r', provenance: { invocationIndex: 1 } },
      rule('error'),
      [invocation('note'), { executionSuccessful: true }],
      'high',
    ],
    [
      'of the highest level applies without a stated invocation',
      { ruleId: 'r' },
      rule('note'),
      [invocation('note'), invocation('error')],
      'high',
    ],
  ])('%s', (_, result, driver, invocations, severity) => {
    expect(readFinding(buildLog(result, driver, { invocations })).severity).toBe(severity);
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

  const duplicates = [
    { id: 'style', name: 'Style', defaultConfiguration: { level: 'note' } },
    { id: 'dep', name: 'Dependency', properties: { 'security-severity': '9.8' } },
  ];
  it.each<[string, Json]>([
    ['zero for every result', { ruleId: 'dep', ruleIndex: 0 }],
    ['out of range', { ruleId: 'dep', ruleIndex: 7 }],
    ['in another component', { ruleId: 'dep', rule: { index: 0, toolComponent: { index: 4 } } }],
  ])('is found by its id if the index is %s', (_, result) => {
    const { rule, severity } = readFinding(buildLog(result, { rules: duplicates }));
    expect([rule.name, severity]).toEqual(['Dependency', 'critical']);
  });

  it('is not that of a wrong index if its id is not described', () => {
    const { rule, severity } = readFinding(buildLog({ ruleId: 'new', ruleIndex: 0 }, { rules: duplicates }));
    expect([rule.name, severity]).toEqual(['new', 'medium']);
  });

  const components = {
    tool: {
      driver: { name: 'Tool', rules: [{ id: 'x', name: 'Driver', defaultConfiguration: { level: 'note' } }] },
      extensions: [
        { name: 'first', guid: 'AA', rules: [{ id: 'x', name: 'First', defaultConfiguration: { level: 'error' } }] },
        { name: 'second', rules: [{ id: 'x', name: 'Second', defaultConfiguration: { level: 'warning' } }] },
      ],
    },
  };
  it.each<[string, Json, string]>([
    ['guid of its component', { rule: { toolComponent: { guid: 'aa' } } }, 'First'],
    ['name of its component', { rule: { toolComponent: { name: 'second' } } }, 'Second'],
    ['index of its component', { rule: { toolComponent: { index: 1 } } }, 'Second'],
    ['severity if several components describe it', {}, 'First'],
    ['severity if its component is unknown', { rule: { toolComponent: { name: 'third' } } }, 'First'],
  ])('is selected by the %s', (_, result, name) => {
    expect(readFinding(buildLog({ ruleId: 'x', ...result }, {}, components)).rule.name).toBe(name);
  });

  it('is found by a deprecated id', () => {
    const renamed = [{ id: 'new', deprecatedIds: ['old'], defaultConfiguration: { level: 'error' } }];
    expect(readFinding(buildLog({ ruleId: 'old' }, { rules: renamed })).severity).toBe('high');
  });

  it('provides the template of a message', () => {
    expect(readFinding(buildLog({ ruleId: 'b', message: { id: 'm', arguments: ['x', 'y'] } }, { rules })).message).toBe(
      'saw x and y',
    );
  });
});

describe('a message', () => {
  it.each<[string, string]>([
    ['tainted by [user input](1) and [docs](https://example.com/a_(b))', 'tainted by user input and docs'],
    ['index a[i](n) and \\[no link](1)', 'index a[i](n) and \\[no link](1)'],
  ])('%s is %s', (text, expected) => {
    expect(readFinding(buildLog({ message: { text } })).message).toBe(expected);
  });

  it('is found among the global strings of the tool', () => {
    const driver = { globalMessageStrings: { m: { text: 'saw {0}' } } };
    expect(readFinding(buildLog({ message: { id: 'm', arguments: ['x'] } }, driver)).message).toBe('saw x');
  });

  it('of a notification is found by its id', () => {
    const driver = { notifications: [{ id: 'N1', messageStrings: { m: { text: 'cannot parse {0}' } } }] };
    const notification = { level: 'error', descriptor: { id: 'N1' }, message: { id: 'm', arguments: ['a.js'] } };
    const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [notification] }];
    expect(read(buildLog({}, driver, { invocations })).gaps).toEqual(['Scanner reported an error: cannot parse a.js']);
  });
});

describe('inline external properties', () => {
  const external = (more: Json = {}) => ({
    guid: '1',
    results: [{ ruleId: 'r', message: { text: 'found' } }],
    driver: { name: 'Tool', rules: [{ id: 'r', defaultConfiguration: { level: 'error' } }] },
    ...more,
  });
  const buildExternal = (runs: readonly Json[], inline: readonly Json[]): string =>
    JSON.stringify({ version: '2.1.0', runs, inlineExternalProperties: inline });
  const run = (more: Json = {}) => ({ tool: { driver: { name: 'Tool' } }, ...more });
  const references = { externalPropertyFileReferences: { results: [{ guid: '1' }], driver: { guid: '1' } } };

  it('are part of the run', () => {
    const { findings, gaps } = read(buildExternal([run(references)], [external()]));
    expect([findings.map(({ severity }) => severity), gaps]).toEqual([['high'], []]);
  });

  it('of a run that the log does not contain are a gap', () => {
    const { gaps } = read(buildExternal([run({ results: [] }), run({ results: [] })], [external()]));
    expect(gaps).toEqual(["'scan.sarif' contains external properties of a run that it does not contain"]);
  });

  it('are assigned to runs by reference and by the guid of the run', () => {
    const runs = [run(references), run({ automationDetails: { guid: 'B' } })];
    const inline = [external(), external({ guid: '2', runGuid: 'B', driver: undefined })];
    const { findings, gaps } = read(buildExternal(runs, inline));
    expect([findings.map(({ severity }) => severity), gaps]).toEqual([['high', 'medium'], []]);
  });

  it('that are missing are a gap', () => {
    expect(read(buildExternal([run(references)], [])).gaps).toEqual([
      'Tool stores its driver, results in external files, which are not supported',
    ]);
  });
});

describe('a successful run without results', () => {
  const build = (invocations: readonly Json[]) => buildLog({}, {}, { results: undefined, invocations });

  it('is accepted with a notice', () => {
    const { gaps, notices } = read(build([{ executionSuccessful: true }]));
    expect([gaps, notices]).toEqual([[], [expect.stringMatching(/^Scanner reported a successful run but wrote no/u)]]);
  });

  it('is a gap if the scanner reports an error', () => {
    const toolExecutionNotifications = [{ level: 'error', message: { text: 'no' } }];
    const { gaps, notices } = read(build([{ executionSuccessful: true, toolExecutionNotifications }]));
    expect([gaps, notices]).toEqual([['Scanner reported an error: no'], []]);
  });
});

describe('a file', () => {
  const content = buildLog({ message: { text: 'gefunden: ü' } });
  const utf16 = Buffer.from(content, 'utf16le');
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(content)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${content}`)],
    ['UTF-16 little-endian with a byte order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16 big-endian with a byte order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]).swap16()],
    ['UTF-16 little-endian', utf16],
    ['UTF-16 big-endian', Buffer.from(utf16).swap16()],
    ['gzip', gzipSync(content)],
  ])('in %s is decoded', (_, bytes) => {
    expect(readFinding(decodeSarif(bytes, 10_000)).message).toBe('gefunden: ü');
  });

  it('that is too large after decompression is rejected', () => {
    expect(() => decodeSarif(gzipSync(Buffer.alloc(20_000)), 10_000)).toThrow('Cannot create a Buffer larger');
  });
});

describe('a path in a checkout', () => {
  const checkout = { top: '/checkout/app', root: '/checkout/app/services/shop', workspace: '/checkout/app' };
  const files = ['services/shop/src/a.js', 'services/shop/b.js', 'b.js', 'lib/c.js'];
  const resolve = (location: Json, run: Json = {}) => {
    const content = JSON.parse(buildLog(buildLocation('', location), {}, run));
    const options = { ...checkout, name: 'scan.sarif', exists: (file: string) => files.includes(file) };
    return readSarif(JSON.stringify(content), options).findings[0]?.location?.file;
  };
  const at = (uri: string) => ({ invocations: [{ executionSuccessful: true, workingDirectory: { uri } }] });
  const base = (uri: string) => ({ originalUriBaseIds: { '%SRCROOT%': { uri } } });
  it.each<[string, Json, Json, string | undefined]>([
    ['relative to the root', { uri: 'src/a.js' }, {}, 'services/shop/src/a.js'],
    ['relative to the top', { uri: 'lib/c.js' }, {}, 'lib/c.js'],
    ['relative to the top with the root', { uri: 'services/shop/src/a.js' }, {}, 'services/shop/src/a.js'],
    ['in both, relative to the root', { uri: 'b.js' }, {}, 'services/shop/b.js'],
    ['in both, relative to the working directory', { uri: 'b.js' }, at('file:///checkout/app/'), 'b.js'],
    ['of a deleted file, relative to the root', { uri: 'gone.js' }, {}, 'services/shop/gone.js'],
    [
      'below the working directory of another machine',
      { uri: 'file:///build/x/src/a.js' },
      at('file:///build/x'),
      'services/shop/src/a.js',
    ],
    [
      'below the working directory, for a deleted file',
      { uri: '/build/x/gone.js' },
      at('file:///build/x'),
      'services/shop/gone.js',
    ],
    ['of a container action', { uri: '/github/workspace/lib/c.js' }, {}, 'lib/c.js'],
    [
      'of a base of another machine',
      { uri: 'src/a.js', uriBaseId: '%SRCROOT%' },
      base('file:///src/'),
      'services/shop/src/a.js',
    ],
    ['of the base /', { uri: 'lib/c.js', uriBaseId: '%SRCROOT%' }, base('file:///'), 'lib/c.js'],
    ['of a base in the checkout', { uri: 'b.js', uriBaseId: '%SRCROOT%' }, base('file:///checkout/app/'), 'b.js'],
    ['of a base as text', { uri: '%SRCROOT%/lib/c.js' }, {}, 'lib/c.js'],
    ['of a relative base', { uri: 'c.js', uriBaseId: '%SRCROOT%' }, base('lib/'), 'lib/c.js'],
    ['of a relative base, deleted', { uri: 'x.js', uriBaseId: '%SRCROOT%' }, base('lib/'), 'services/shop/lib/x.js'],
    ['that repeats its relative base', { uri: 'lib/c.js', uriBaseId: '%SRCROOT%' }, base('lib/'), 'lib/c.js'],
    ['of a drive in small letters', { uri: 'file:///c:/src/lib/c.js' }, at('file:///C:/src/'), 'lib/c.js'],
    ['outside, although all is below /', { uri: '/etc/passwd' }, base('file:///'), undefined],
    ['outside', { uri: '../../../etc/passwd' }, {}, undefined],
  ])('%s: %j', (_, location, run, file) => {
    expect(resolve(location, run)).toBe(file);
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
