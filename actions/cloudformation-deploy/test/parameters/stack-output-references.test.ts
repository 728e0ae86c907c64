import { describe, expect, it } from '@jest/globals';
import type { Assignment } from '../../src/parameters/parse-parameters.js';
import { listReferences, resolveReferences } from '../../src/parameters/stack-output-references.js';

const assign = (values: Readonly<Record<string, string>>): ReadonlyMap<string, Assignment> =>
  new Map(Object.entries(values).map(([name, value]) => [name, { kind: 'value', value, location: {} }]));

const findStackOutputs = async (name: string) =>
  name === 'network'
    ? new Map([
        ['SubnetA', 'subnet-1'],
        ['SubnetB', 'subnet-2'],
      ])
    : undefined;

const resolve = async (value: string): Promise<string | undefined> => {
  const resolved = (await resolveReferences(assign({ P: value }), findStackOutputs)).get('P');
  return resolved?.kind === 'value' ? resolved.value : undefined;
};

describe('references to stack outputs', () => {
  it.each([
    ['stack-output://network/SubnetA', 'subnet-1'],
    ['stack-output://network/SubnetA,stack-output://network/SubnetB', 'subnet-1,subnet-2'],
    ['subnet-0, stack-output://network/SubnetB', 'subnet-0,subnet-2'],
    ['a, b', 'a, b'],
    ['https://network/SubnetA', 'https://network/SubnetA'],
  ])('%s becomes %s', async (value, expected) => {
    expect(await resolve(value)).toBe(expected);
  });

  it('lists each reference with its parameter', () => {
    const assignments = assign({ Subnets: 'stack-output://network/SubnetA,stack-output://data/Table', Mode: 'good' });
    expect(listReferences(assignments)).toEqual([
      { stackName: 'network', outputName: 'SubnetA', parameter: 'Subnets' },
      { stackName: 'data', outputName: 'Table', parameter: 'Subnets' },
    ]);
  });

  it.each([
    ['stack-output://network', 'does not name an output'],
    ['stack-output://network/Subnet/A', 'does not name an output'],
    ['stack-output://netwrok/SubnetA', 'stack netwrok does not exist'],
    ['stack-output://network/SubnetC', 'stack network has no output SubnetC'],
  ])('rejects %s', async (value, message) => {
    await expect(resolve(value)).rejects.toThrow(message);
  });
});
