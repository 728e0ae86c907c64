import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import {
  parseAssignments,
  parseBoolean,
  parseDocument,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseMapping,
  parseVerbatimDocument,
} from '../../src/inputs/parse.js';
import { DeliveryError } from '../../src/util/error.js';
import { formatDuration } from '../../src/util/format.js';

const parsers = {
  parseAssignments,
  parseBoolean,
  parseDocument,
  parseDuration,
  parseInteger: (input: string) => parseInteger(input),
  parseLines,
  parseList,
  parseMapping,
  parseVerbatimDocument,
};

/** Text of the characters that the formats give a meaning. */
const hostileText = fc.string({
  unit: fc.constantFrom(...' \t\n\r,=:;"\'\\[]{}#&*!|>%@`-?.<~0123456789abyntf\0\u2028é'),
  maxLength: 200,
});
const anyText = fc.oneof(fc.string({ unit: 'binary' }), hostileText);
const key = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/u);
const singleLine = fc.string({ unit: 'grapheme' }).filter((text) => text === text.trim() && !/[\r\n]/u.test(text));

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  it('returns a value or throws an error of ours, for any text', () => {
    assertProperty(
      fc.property(anyText, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(DeliveryError);
          expect(error).toMatchObject({ code: 'invalid-input' });
        }
      }),
    );
  });
});

it('reads every duration that is formatted', () => {
  assertProperty(
    fc.property(fc.nat({ max: 1_000_000 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds);
    }),
  );
});

it('reads every safe integer', () => {
  assertProperty(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(parseInteger(` ${value} `)).toBe(value);
    }),
  );
});

it('reads every list of JSON texts', () => {
  assertProperty(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (items) => {
      expect(parseList(JSON.stringify(items))).toEqual(items);
    }),
  );
});

it('reads every list of lines', () => {
  assertProperty(
    fc.property(fc.array(singleLine.filter((text) => text !== '')), (lines) => {
      expect(parseLines(lines.join('\n'))).toEqual(lines);
    }),
  );
});

it('reads every mapping, as JSON or as quoted assignments', () => {
  assertProperty(
    fc.property(
      fc.uniqueArray(fc.tuple(key, fc.string({ unit: 'grapheme' })), { selector: ([name]) => name }),
      (pairs) => {
        const mapping = Object.fromEntries(pairs);
        expect(parseMapping(JSON.stringify(mapping))).toEqual(mapping);
        const quoted = pairs.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/gu, '\\$&')}"`);
        expect(parseMapping(quoted.join('\n'))).toEqual(mapping);
        expect(parseAssignments(quoted.join(','))).toEqual(pairs);
      },
    ),
  );
});
