import { describe, expect, it } from '@jest/globals';
import { expandSecret } from '../../src/secrets/expand-secret.js';

describe('the variables of a JSON secret', () => {
  const expand = (value: string) =>
    Object.fromEntries(
      expandSecret({ name: 'S', value, item: 'secret', id: 's' }, { form: 'members', transformation: 'uppercase' }).map(
        (secret) => [secret.name, secret.value],
      ),
    );

  it.each([
    ['{"a": 12345678901234567890}', { S_A: '12345678901234567890' }],
    ['{"a": 1.10, "b": -0, "c": 1e400, "d": 1E2}', { S_A: '1.10', S_B: '-0', S_C: '1e400', S_D: '1E2' }],
    ['{"a": {"b": 0.10}}', { S_A_B: '0.10' }],
    ['{"a": [1.0, "x", {"b": 12345678901234567890}]}', { S_A: '[1.0,"x",{"b":12345678901234567890}]' }],
    ['{"a": "1.10", "b": true, "c": null, "d": ""}', { S_A: '1.10', S_B: 'true', S_C: 'null', S_D: '' }],
    ['{"a": 1, "a": 2}', { S_A: '2' }],
    ['{"a": "{\\"b\\": 1.10}"}', { S_A_B: '1.10' }],
    ['{"a\\nb": "x", "value": 1}', { S_A_B: 'x', S_VALUE: '1' }],
    ['12345678901234567890', { S: '12345678901234567890' }],
    ['[1.10]', { S: '[1.10]' }],
    ['{"a": 01}', { S: '{"a": 01}' }],
    ['', { S: '' }],
  ])('of %s keep its literals', (value, variables) => {
    expect(expand(value)).toEqual(variables);
  });

  it('with a prototype as a member are members like others', () => {
    expect(expand('{"__proto__": {"a": 1}, "constructor": "x"}')).toEqual({ S___PROTO___A: '1', S_CONSTRUCTOR: 'x' });
  });
});
