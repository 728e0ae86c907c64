import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import { type ParameterSet, parseParameters } from '../../src/parameters/parse-parameters.js';

const origin = { name: "input 'parameters'", file: undefined };
const name = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9]{0,20}$/u)
  .filter((key) => !['Parameters', 'Tags', 'StackPolicy'].includes(key));
const value = fc.string({ unit: 'grapheme' });
const pairs = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, minLength: 1 });

const listValues = ({ assignments }: ParameterSet) =>
  [...assignments].map(([key, assignment]) => [key, assignment.kind === 'value' ? assignment.value : undefined]);

it("reads every set of parameters in the AWS CLI's list, in CodePipeline's format and as a map", () => {
  assertProperty(
    fc.property(pairs, (parameters) => {
      const map = Object.fromEntries(parameters);
      const list = parameters.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
      const expected = Object.entries(map);
      expect(listValues(parseParameters(JSON.stringify(list), origin))).toEqual(parameters);
      expect(listValues(parseParameters(JSON.stringify({ Parameters: map }), origin))).toEqual(expected);
      expect(listValues(parseParameters(JSON.stringify(map), origin))).toEqual(expected);
    }),
  );
});

it('returns a value or throws an error of ours, for any text', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...' \n,=:"\'\\[]{}#&*!|>-?ab0') });
  assertProperty(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (text) => {
      try {
        parseParameters(text, origin);
      } catch (error) {
        expect(error).toBeInstanceOf(DeliveryError);
      }
    }),
  );
});
