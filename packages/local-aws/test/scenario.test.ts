import { describe, expect, it } from '@jest/globals';
import { parseScenario } from '../src/scenario.js';

describe('parseScenario', () => {
  it.each([
    [{ acount: '1' }, 'acount'],
    [{ account: '1' }, 'account must be 12 digits'],
    [{ faults: [{ fault: 'latency', by: 'long' }] }, 'long'],
    [{ iam: { roles: { r: { trust: { Statement: { Effect: 'Maybe' } } } } } }, 'Effect'],
  ])('rejects %j with its path', (input, message) => {
    expect(() => parseScenario(input, 'a.yml')).toThrow(/^a\.yml is not valid/);
    expect(() => parseScenario(input)).toThrow(message);
  });

  it('accepts an empty scenario', () => {
    expect(parseScenario(undefined)).toMatchObject({ account: '123456789012', iam: { accessKeys: { test: 'test' } } });
  });
});
