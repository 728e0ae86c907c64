import { describe, expect, it } from '@jest/globals';
import { PatternMatcher } from '../../../src/desired/documents/pattern-matcher.js';
import { validateFeatureFlags } from '../../../src/desired/flags/feature-flags.js';
import { validateRule } from '../../../src/desired/flags/flag-rule.js';

const flags = {
  checkout: {
    name: 'Checkout',
    attributes: {
      steps: { constraints: { type: 'number', minimum: 1, maximum: 5, required: true } },
      theme: { constraints: { type: 'string', enum: ['light', 'dark'] } },
      code: { constraints: { type: 'string', pattern: '^[A-Z]+$' } },
      list: { constraints: { type: 'array', elements: { type: 'number' } } },
    },
  },
};

const validate = (checkout: unknown, more: object = {}): readonly string[] =>
  validateFeatureFlags({ version: '1', flags, values: { checkout }, ...more }, new PatternMatcher()).map(
    ({ message }) => message,
  );

describe('feature flags', () => {
  it.each([
    ['a value that fits', { enabled: true, steps: 2, theme: 'dark', code: 'AB', list: [1, 2] }],
    ['a flag that is off, without its attributes', { enabled: false }],
    [
      'variants, the last for everybody else',
      {
        _variants: [
          { name: 'testers', enabled: true, rule: '(eq $user "x")', attributeValues: { steps: 1 } },
          { name: 'others', enabled: false },
        ],
      },
    ],
    [
      'the timestamps of AppConfig',
      { enabled: true, steps: 2, _createdAt: '2025-01-01T00:00:00.000Z', _updatedAt: 'x' },
    ],
    ['an empty list of variants', { enabled: true, steps: 2, _variants: [] }],
  ])('pass with %s', (_label, value) => expect(validate(value)).toEqual([]));

  it.each([
    [{ enabled: 'yes' }, `'enabled' is "yes": expected true or false`],
    [{ enabled: true }, "attribute 'steps' is required"],
    [{ enabled: true, steps: 0 }, "attribute 'steps': 0 is less than 1"],
    [{ enabled: true, steps: 6 }, "attribute 'steps': 6 is greater than 5"],
    [{ enabled: true, steps: '2' }, `attribute 'steps': "2" is not of type number`],
    [{ enabled: true, steps: 2, theme: 'red' }, `attribute 'theme': "red" is not one of light, dark`],
    [{ enabled: true, steps: 2, code: 'ab' }, `attribute 'code': "ab" does not match ^[A-Z]+$`],
    [
      { enabled: true, steps: 2, list: [1, 'x'] },
      `attribute 'list': [1,"x"] has the element "x", which is not a number`,
    ],
    [{ enabled: true, steps: 2, color: 1 }, "attribute 'color' is not declared in the flag: add it to 'attributes'"],
    [
      {
        _variants: [
          { name: 'a', enabled: true, attributeValues: { steps: 1 } },
          { name: 'b', enabled: false },
        ],
      },
      "variant 'a' requires a rule: only the last variant can omit it",
    ],
    [
      { _variants: [{ name: 'a', enabled: false, rule: '(eq $a "b")' }] },
      'the last variant is the default and must not have a rule: remove it',
    ],
    [
      {
        _variants: [
          { name: 'a', enabled: false, rule: '(is $a "b")' },
          { name: 'b', enabled: false },
        ],
      },
      "the rule of variant 'a' is not valid: unknown operator 'is': expected one of and, or, not, eq, gt, gte, lt, lte, begins_with, ends_with, contains, in, matches, exists, split",
    ],
  ])('reject %j', (value, message) => expect(validate(value)).toEqual([message]));

  it.each([
    [{ version: 1 }, `'version' is 1: expected the string "1"`],
    [{ extra: true }, "unknown key 'extra': expected one of version, flags, values"],
    [{ values: { other: { enabled: true } } }, "'other' has a value, but no flag: define it in 'flags'"],
    [
      { values: {}, flags: { Upper: { name: 'x' } } },
      "'Upper' is not a valid key: use a lowercase letter, then at most 63 of a-z A-Z 0-9 _ -",
    ],
    [{ values: {}, flags: { a: { nam: 'x' } } }, /^unknown key 'nam' in a flag/],
    [
      { values: {}, flags: { a: { attributes: { b: { constraints: { type: 'text' } } } } } },
      `'type' is "text": expected one of string, number, boolean, array`,
    ],
  ])('reject a document with %j', (changes, message) => {
    expect(validate({ enabled: false }, changes)).toEqual([
      message instanceof RegExp ? expect.stringMatching(message) : message,
    ]);
  });

  it('report the path of an issue', () => {
    expect(
      validateFeatureFlags(
        { version: '1', flags, values: { checkout: { enabled: true, steps: 9 } } },
        new PatternMatcher(),
      ),
    ).toEqual([{ path: ['values', 'checkout', 'steps'], message: "attribute 'steps': 9 is greater than 5" }]);
  });
});

describe('a rule', () => {
  it.each([
    '(eq $country "NL")',
    '(and (gte $age 18) (not (ends_with $mail "@example.com")))',
    '(in $country ["NL" "BE"])',
    '(split pct::10 by::$userId seed::"x")',
    '(split by::$user pct::5)',
    '(or (exists key::$beta) (matches in::$user pattern::"^a(b|c)"))',
  ])('can be %s', (rule) => expect(validateRule(rule)).toBeUndefined());

  it.each([
    ['', 'the rule is empty'],
    ['eq $a "b"', "expected '(', got 'eq'"],
    ['(eq $a "b"', 'unclosed parenthesis'],
    ['(eq $a "b"))', "unexpected ')' after the end of the rule"],
    ['(eq $a)', "'eq' expects 2 operands, got 1"],
    ['(eq $a "b)', 'unclosed quote'],
    ['(in $a ["b")', "unexpected ')'"],
  ])('cannot be %s', (rule, issue) => expect(validateRule(rule)).toBe(issue));
});
