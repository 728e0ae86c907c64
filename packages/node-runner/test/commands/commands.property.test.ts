import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import { readPairs } from '../../src/commands/environment-file.js';
import { escapeData, escapeProperty, parseCommand } from '../../src/commands/workflow-command.js';
import { RunnerError } from '../../src/runner-error.js';

const value = fc.string({ unit: 'grapheme' });
const name = fc.stringMatching(/^[A-Za-z_]\w{0,20}$/u);

it('reads every workflow command that is escaped', () => {
  assertProperty(
    fc.property(name, value, value, (property, propertyValue, data) => {
      const trimmed = propertyValue.trim();
      fc.pre(trimmed !== '' && trimmed !== property);
      const line = `::error ${property}=${escapeProperty(trimmed)}::${escapeData(data)}`;
      expect(parseCommand(line)).toEqual({ name: 'error', properties: { [property]: trimmed }, data });
    }),
  );
});

it('reads every value of an environment file', () => {
  assertProperty(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (pairs) => {
      const delimiter = 'delimiter-of-the-test';
      const content = pairs.map(([key, text]) => `${key}<<${delimiter}\n${text}\n${delimiter}\n`).join('');
      expect(readPairs(content, false)).toEqual(Object.fromEntries(pairs));
    }),
  );
});

it('returns a value or throws an error of ours, for any text', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...':=<#[]%\n\rab0 ') }));
  assertProperty(
    fc.property(text, (content) => {
      parseCommand(content);
      try {
        readPairs(content);
      } catch (error) {
        expect(error).toBeInstanceOf(RunnerError);
      }
    }),
  );
});
