import { describe, expect, it } from '@jest/globals';
import { renderSarif } from '../../src/sarif/write-sarif.js';
import { buildLocation, buildLog, type Json, read, readFinding } from './sarif-log.js';

const LOW = { id: 'low', properties: { 'security-severity': '1' } };
const CRITICAL = { id: 'critical', properties: { 'security-severity': '9.9' } };

describe('the more severe rule is used for', () => {
  const namesakes = {
    tool: { driver: { name: 'S' }, extensions: [LOW, CRITICAL].map((rule) => ({ name: 'E', rules: [rule] })) },
  };
  it.each<[string, Json, Json]>([
    ['two ids that disagree', { ruleId: 'low', rule: { id: 'critical' } }, {}],
    ['an id that is not described beside one that is', { ruleId: 'x', rule: { id: 'critical' } }, {}],
    ['an index into components of one name', { rule: { index: 0, toolComponent: { name: 'E' } } }, namesakes],
    ['an index into a component that does not exist', { rule: { index: 0, toolComponent: { name: 'X' } } }, namesakes],
  ])('%s', (_, result, run) => {
    expect(readFinding(buildLog(result, { rules: [LOW, CRITICAL] }, run)).severity).toBe('critical');
  });
});

describe('members that are null are missing', () => {
  it.each<[Json]>([
    [{ level: null, kind: null, ruleId: null, rule: null, guid: null, properties: { tags: null } }],
    [{ locations: null, relatedLocations: null, codeFlows: null, fixes: null, partialFingerprints: { a: null } }],
    [buildLocation('a', { index: null }, { startLine: 1, endLine: null })],
  ])('of the result %j', (result) => {
    const { findings, gaps } = read(buildLog(result));
    expect([findings.map(({ severity }) => severity), gaps]).toEqual([['medium'], []]);
    const reported = findings.map((finding) => ({ finding, fingerprint: 'f', status: { kind: 'fails' } }));
    const options = { category: () => 'c', commit: undefined, writtenBy: 'w', placeholder: 'p' };
    expect([...renderSarif(reported, [], options)].join('')).not.toContain('null');
  });

  it('of the run', () => {
    const run = { invocations: null, artifacts: null, originalUriBaseIds: null };
    expect(read(buildLog({}, { rules: null }, run)).findings).toHaveLength(1);
  });

  it('so that a run whose results are null is a gap', () => {
    expect(read(buildLog({}, {}, { results: null })).gaps).toHaveLength(1);
  });

  it.each<[Json, Json]>([
    [{ message: null }, {}],
    [{}, { rules: [null] }],
  ])('but required ones and elements of lists are errors: %j %j', (result, driver) => {
    expect(() => read(buildLog(result, driver))).toThrow('is not SARIF 2.1.0');
  });
});

describe('a file is rejected with', () => {
  const [start, end] = [
    '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"S"}},"results":[{"message":{"text":"a"}',
    '}]',
  ];
  it.each([
    ['two lists of results', `${start}${end},"results":[]}]}`, 'duplicate member "results"'],
    ['two lists of runs', `${start}${end}}],"runs":[]}`, 'duplicate member "runs"'],
    [
      'values nested too deep for a report',
      `${start},"properties":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}${end}}]}`,
      'values are nested deeper than 500 levels',
    ],
  ])('%s', (_, content, message) => {
    expect(() => read(content)).toThrow(message);
  });
});

it('repeats arguments in a message up to a length', () => {
  const message = { text: '{0}'.repeat(20_000), arguments: ['y'.repeat(20_000)] };
  expect(readFinding(buildLog({ message })).message.length).toBeLessThan(200_000);
});

it.each<[string, Json, readonly Json[]]>([
  ['ids with thousands of segments', { ruleId: 'a/'.repeat(30_000) }, [{ id: 'a' }]],
  ['a rule that is repeated for every result', { ruleId: 'a' }, Array.from({ length: 5000 }, () => ({ id: 'a' }))],
])('finds rules in less than 2 s for %s', (_, result, rules) => {
  const results = Array.from({ length: 5000 }, () => ({ message: { text: 'x' }, ruleId: 'a' }));
  const start = performance.now();
  const { findings } = read(buildLog({}, { rules }, { results: [...results, { message: { text: 'x' }, ...result }] }));
  expect(findings.map(({ rule }) => rule.id.slice(0, 1))).toEqual(findings.map(() => 'a'));
  expect(performance.now() - start).toBeLessThan(2000);
});

it('applies the override of a repeated rule', () => {
  const rules = Array.from({ length: 4 }, () => ({ id: 'a' }));
  const override = { descriptor: { index: 3 }, configuration: { level: 'error' } };
  const invocations = [{ executionSuccessful: true, ruleConfigurationOverrides: [override] }];
  expect(readFinding(buildLog({ ruleId: 'a' }, { rules }, { invocations })).severity).toBe('high');
});

it.each<[string, Json]>([
  ['guid', { guid: 'G-1' }],
  ['a sub-id', { id: 'N1/2' }],
  ['index into a component', { index: 0, toolComponent: { name: 'E' } }],
])('a notification by %s shows its text', (_, descriptor) => {
  const notifications = [{ id: 'N1', guid: 'g-1', messageStrings: { m: { text: 'cannot parse {0}' } } }];
  const tool = { driver: { name: 'S' }, extensions: [{ name: 'E', notifications }] };
  const notification = { descriptor, message: { id: 'm', arguments: ['a.js'] } };
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [notification] }];
  expect(read(buildLog({}, {}, { tool, invocations })).warnings).toEqual(['S: cannot parse a.js']);
});
