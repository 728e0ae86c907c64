import { describe, expect, it } from '@jest/globals';
import {
  compareSeverities,
  countSeverities,
  isAtLeast,
  parseSeverity,
  SEVERITIES,
  shouldFail,
} from '../src/severity.js';

describe('parseSeverity', () => {
  it.each([
    ['critical', 'critical'],
    ['high', 'high'],
    ['error', 'high'],
    ['important', 'high'],
    ['medium', 'medium'],
    ['moderate', 'medium'],
    ['warning', 'medium'],
    ['low', 'low'],
    ['info', 'info'],
    ['informational', 'info'],
    ['negligible', 'info'],
    ['note', 'info'],
    ['none', 'none'],
    ['undefined', 'none'],
    ['unknown', 'none'],
    ['untriaged', 'none'],
  ])('parses %s as %s, ignoring case and surrounding spaces', (word, severity) => {
    expect([word, word.toUpperCase(), ` ${word} `].map(parseSeverity)).toEqual([severity, severity, severity]);
  });

  it.each(['', 'catastrophic', 'toString', 'constructor'])('returns undefined for %p', (word) => {
    expect(parseSeverity(word)).toBeUndefined();
  });
});

describe('isAtLeast', () => {
  it('is true from the threshold upward', () => {
    expect(SEVERITIES.filter((severity) => isAtLeast(severity, 'medium'))).toEqual(['critical', 'high', 'medium']);
  });

  it('is false for the threshold none', () => {
    expect(SEVERITIES.some((severity) => isAtLeast(severity, 'none'))).toBe(false);
  });

  it('is false for an unranked finding', () => {
    expect(SEVERITIES.some((threshold) => isAtLeast('none', threshold))).toBe(false);
  });
});

describe('shouldFail', () => {
  it.each([
    ['high', 'high', true],
    ['medium', 'high', false],
    ['critical', 'none', false],
    ['none', 'critical', true],
    ['none', 'none', false],
  ] as const)('for %s at the threshold %s: %s', (severity, threshold, expected) => {
    expect(shouldFail(severity, threshold)).toBe(expected);
  });
});

it('sorts the worst severity first', () => {
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
