import { describe, expect, it } from '@jest/globals';
import { FINGERPRINT_NAME } from '../../src/fingerprint.js';
import { buildLog, type Json, readFinding } from './sarif-log.js';

/** The severity of one result of the rule `r`. */
const readSeverity = (result: Json, rule: Json = {}, run: Json = {}): string =>
  readFinding(buildLog({ ruleId: 'r', ...result }, { rules: [{ id: 'r', ...rule }] }, run)).severity;

const createOverride = (level: string | undefined): Json => ({
  executionSuccessful: true,
  ruleConfigurationOverrides: [
    { descriptor: { id: 'r' }, ...(level === undefined ? {} : { configuration: { level } }) },
  ],
});

describe('security-severity', () => {
  it.each([
    ['0.1', 'low'],
    ['3.9', 'low'],
    ['4', 'medium'],
    ['6.9', 'medium'],
    ['7.0', 'high'],
    ['8.9', 'high'],
    [9, 'critical'],
    ['10.0', 'critical'],
    ['Critical', 'critical'],
    ['moderate', 'medium'],
  ])('%j of the rule is %s', (score, severity) => {
    expect(readSeverity({ level: 'note' }, { properties: { 'security-severity': score } })).toBe(severity);
  });

  it.each(['0', 0, '-1', '10.1', '', ' ', 'unknown', 'none', true, null, [9.5]])(
    '%j ranks nothing, so that the level counts',
    (score) => {
      expect(readSeverity({ level: 'note' }, { properties: { 'security-severity': score } })).toBe('info');
    },
  );

  it('of the rule precedes that of the result', () => {
    const properties = { 'security-severity': '9.1' };
    expect(readSeverity({ properties: { 'security-severity': '1' } }, { properties })).toBe('critical');
    expect(readSeverity({ properties })).toBe('critical');
  });
});

describe('the level', () => {
  it.each([
    ['error', 'high'],
    ['warning', 'medium'],
    ['note', 'info'],
    ['none', 'none'],
  ])('%s of the result is %s', (level, severity) => {
    expect(readSeverity({ level }, { defaultConfiguration: { level: 'warning' } })).toBe(severity);
    expect(readSeverity({}, { defaultConfiguration: { level } })).toBe(severity);
  });

  it('of a result without any level is a warning', () => {
    expect(readSeverity({})).toBe('medium');
  });

  it.each([
    ['informational', undefined, 'info'],
    ['open', undefined, 'medium'],
    ['review', undefined, 'medium'],
    ['review', 'none', 'medium'],
    ['open', 'error', 'high'],
    ['fail', undefined, 'high'],
  ])('of the kind %s, with the level %s, is %s', (kind, level, severity) => {
    const result = { kind, ...(level === undefined ? {} : { level }) };
    expect(readSeverity(result, { defaultConfiguration: { level: 'error' } })).toBe(severity);
  });
});

describe('the overrides of invocations', () => {
  it.each([
    [['note'], 'info'],
    [['error', 'note'], 'high'],
    [['note', 'error'], 'high'],
    [['warning', 'none'], 'medium'],
    [['none', 'note'], 'info'],
    [[undefined, 'note'], 'info'],
    [[undefined], 'medium'],
  ])('%j of several invocations: the highest, %s', (levels, severity) => {
    const defaultConfiguration = { level: 'warning' };
    expect(readSeverity({}, { defaultConfiguration }, { invocations: levels.map(createOverride) })).toBe(severity);
  });

  it('of the invocation that the result states are the only ones', () => {
    const invocations = [createOverride('error'), createOverride('note')];
    expect(readSeverity({ provenance: { invocationIndex: 0 } }, {}, { invocations })).toBe('high');
    expect(readSeverity({ provenance: { invocationIndex: 1 } }, {}, { invocations })).toBe('info');
    expect(readSeverity({ provenance: { invocationIndex: 2 } }, {}, { invocations })).toBe('high');
    expect(readSeverity({ provenance: {} }, {}, { invocations: invocations.reverse() })).toBe('high');
  });

  it('of one invocation for one rule: the highest', () => {
    const override = (level: string) => ({ descriptor: { id: 'r' }, configuration: { level } });
    const invocations = [
      {
        executionSuccessful: true,
        ruleConfigurationOverrides: [override('error'), override('note'), override('error')],
      },
    ];
    expect(readSeverity({}, {}, { invocations })).toBe('high');
  });

  it('do not change another rule or a level of the result', () => {
    const invocations = [
      {
        executionSuccessful: true,
        ruleConfigurationOverrides: [{ descriptor: { id: 's' }, configuration: { level: 'error' } }],
      },
    ];
    expect(readSeverity({}, {}, { invocations })).toBe('medium');
    expect(readSeverity({ level: 'note' }, {}, { invocations: [createOverride('error')] })).toBe('info');
  });
});

describe('the properties of a tool', () => {
  it.each([
    [{ properties: { severity: 'high' } }, { properties: { severity: 'low' } }, 'high'],
    [{}, { properties: { severity: 'low', 'problem.severity': 'error' } }, 'low'],
    [{}, { properties: { 'problem.severity': 'error' } }, 'high'],
    [{ properties: { severity: 'unknown' } }, { properties: { severity: 'CRITICAL' } }, 'critical'],
  ])('%j and %j mean %s without a level', (result, rule, severity) => {
    expect(readSeverity(result, rule)).toBe(severity);
    expect(readSeverity({ ...result, level: 'note' }, rule)).toBe('info');
  });

  it('count without limits in a result that write-sarif wrote', () => {
    const own = {
      partialFingerprints: { [FINGERPRINT_NAME]: 'x' },
      properties: { severity: 'critical' },
      level: 'error',
    };
    expect(readSeverity(own)).toBe('critical');
    expect(readSeverity({ ...own, partialFingerprints: { other: 'x' } })).toBe('high');
    expect(readSeverity({ ...own, properties: {} })).toBe('high');
  });
});

describe('several rules with the id of a result', () => {
  const read = (...levels: readonly string[]): string => {
    const [first, ...others] = levels.map((level) => ({ id: 'r', defaultConfiguration: { level } }));
    const extensions = others.map((rule, index) => ({ name: `e${index}`, rules: [rule] }));
    const log = JSON.parse(buildLog({ ruleId: 'r' }, { rules: [first] }));
    log.runs[0].tool.extensions = extensions;
    return readFinding(JSON.stringify(log)).severity;
  };

  it.each([
    [['note', 'error'], 'high'],
    [['error', 'note', 'warning'], 'high'],
    [['error', 'none'], 'none'],
    [['none', 'note'], 'none'],
  ])('%j: the most severe one, of which an unranked one may be', (levels, severity) => {
    expect(read(...levels)).toBe(severity);
  });
});
