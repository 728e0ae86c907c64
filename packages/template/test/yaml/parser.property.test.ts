import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import { parseTemplateDocument } from '../../src/document.js';
import { TemplateError } from '../../src/error.js';

it('returns a value or throws an error of this package, for any text', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...' \t\n,=:"\'\\[]{}#&*!|>-?%@ab0') });
  assertProperty(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (text) => {
      try {
        parseTemplateDocument(text);
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
  );
});

it('reads JSON as JSON.parse does', () => {
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
  }));
  assertProperty(
    fc.property(fc.dictionary(fc.string(), value), fc.constantFrom(undefined, 1, '\t'), (document, indent) => {
      const text = JSON.stringify(document, undefined, indent);
      expect(parseTemplateDocument(text).value).toEqual(JSON.parse(text));
    }),
  );
});
