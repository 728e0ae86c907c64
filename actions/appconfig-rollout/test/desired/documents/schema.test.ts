import { afterAll, describe, expect, it } from '@jest/globals';
import { PatternMatcher } from '../../../src/desired/documents/pattern-matcher.js';
import { compileSchema } from '../../../src/desired/documents/schema.js';

const patterns = new PatternMatcher(200);
afterAll(() => patterns.close());

const compile = (schema: object) => compileSchema(JSON.stringify(schema), patterns);

const validate = async (schema: object, value: unknown): Promise<readonly string[]> =>
  (await compile(schema)).validate(value).map(({ message }) => message);

describe('a JSON Schema', () => {
  it.each([
    ['no $schema', {}, { minimum: 5, exclusiveMinimum: true }, true],
    ['draft-04', { $schema: 'http://json-schema.org/draft-04/schema#' }, { minimum: 5, exclusiveMinimum: true }, true],
    ['draft-06', { $schema: 'http://json-schema.org/draft-06/schema#' }, { exclusiveMinimum: 5 }, false],
    [
      'draft-07',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      { if: { not: { const: 5 } }, else: false },
      false,
    ],
    ['2019-09', { $schema: 'https://json-schema.org/draft/2019-09/schema' }, { exclusiveMinimum: 5 }, false],
    ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema' }, { exclusiveMinimum: 5 }, false],
  ])('of %s is compiled by its own rules', async (_label, start, rules, isDraft04) => {
    const schema = { ...start, ...rules };
    expect(await validate(schema, 6)).toEqual([]);
    expect(await validate(schema, 5)).not.toEqual([]);
    expect((await compile(schema)).isDraft04).toBe(isDraft04);
  });

  it('of 2020-12 knows prefixItems', async () => {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] };
    expect(await validate(schema, [1])).toEqual(["'/0' must be string"]);
  });

  it.each([
    {},
    { $schema: 'http://json-schema.org/draft-07/schema#' },
    { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  ])('checks formats: %j', async (start) => {
    const schema = { ...start, properties: { at: { format: 'date-time' }, mail: { format: 'email' } } };
    expect(await validate(schema, { at: '2026-01-01T00:00:00Z', mail: 'a@example.com' })).toEqual([]);
    expect(await validate(schema, { at: 'soon', mail: 'a' })).toEqual([
      '\'/at\' must match format "date-time"',
      '\'/mail\' must match format "email"',
    ]);
  });

  it.each([
    [{ pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
    [{ patternProperties: { '^(b+)+$': { type: 'string' } } }, { [`${'b'.repeat(60)}!`]: 'x' }],
  ])('leaves a pattern that takes too long to AppConfig: %j', async (schema, value) => {
    expect(await validate(schema, value)).toEqual([]);
    expect(patterns.unknownPatterns).toContain(
      Object.values(schema)[0] === '^(a+)+$' ? '^(a+)+$' : patterns.unknownPatterns[1],
    );
  });

  it('reports what does not depend on a pattern that takes too long', async () => {
    const slow = { pattern: '^(d+)+$' };
    const text = `${'d'.repeat(60)}!`;
    const schema = { properties: { a: { not: slow }, b: slow, c: { type: 'string' } } };
    expect(await validate(schema, { a: text, b: text, c: 1 })).toEqual(["'/c' must be string"]);
    const byName = { patternProperties: { '^(e+)+$': { type: 'string' } }, maxProperties: 1 };
    expect(await validate(byName, { [`${'e'.repeat(60)}!`]: 1 })).toEqual([]);
    expect(await validate(byName, { [`${'e'.repeat(60)}!`]: 1, f: 1 })).toEqual([
      'the document must NOT have more than 1 properties',
    ]);
  });

  it.each([
    ['{', 'is not a JSON Schema (draft-04)'],
    ['[]', 'is not a JSON object'],
    ['{"type": "text"}', 'is not a JSON Schema (draft-04)'],
    ['{"pattern": "["}', 'is not a JSON Schema (draft-04)'],
    ['{"$schema": "https://example.com/own"}', `has the unknown '$schema' "https://example.com/own"`],
  ])('is rejected: %s', async (text, message) => {
    await expect(compileSchema(text, patterns)).rejects.toThrow(message);
  });
});
