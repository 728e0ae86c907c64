import { describe, expect, it } from '@jest/globals';
import { compareSeverities, countSeverities, isAtLeast, parseSeverity, SEVERITIES } from '../src/severity.js';

describe('severityOf', () => {
  it.each([
    ['CRITICAL', 'critical'],
    ['High', 'high'],
    ['INFORMATIONAL', 'info'],
    ['Info', 'info'],
    ['UNDEFINED', 'none'],
    ['UNTRIAGED', 'none'],
    [' Medium ', 'medium'],
    ['error', 'high'],
    ['note', 'info'],
  ])('reads %s as %s', (word, severity) => {
    expect(parseSeverity(word)).toBe(severity);
  });

  it.each(['', 'catastrophic', 'toString', 'constructor'])('does not know %p', (word) => {
    expect(parseSeverity(word)).toBeUndefined();
  });
});

describe('reaches', () => {
  it('holds from the threshold upward', () => {
    expect(SEVERITIES.filter((severity) => isAtLeast(severity, 'medium'))).toEqual(['critical', 'high', 'medium']);
  });

  it('never holds for the threshold none', () => {
    expect(SEVERITIES.some((severity) => isAtLeast(severity, 'none'))).toBe(false);
  });

  it('never holds for an unranked finding', () => {
    expect(SEVERITIES.some((threshold) => isAtLeast('none', threshold))).toBe(false);
  });
});

it('sorts the worst first', () => {
  expect([...(['low', 'critical', 'none', 'high'] as const)].sort(compareSeverities)).toEqual([
    'critical',
    'high',
    'low',
    'none',
  ]);
});

it('counts every severity, zeros included', () => {
  expect(countSeverities(['high', 'low', 'high'])).toEqual({
    critical: 0,
    high: 2,
    medium: 0,
    low: 1,
    info: 0,
    none: 0,
  });
});
