import { describe, expect, it } from '@jest/globals';
import { type ParameterSet, parseParameters } from '../../src/parameters/parse-parameters.js';

const origin = { name: 'prod.json', file: 'prod.json' };

const getValues = ({ assignments }: ParameterSet): Record<string, string> =>
  Object.fromEntries(
    [...assignments].map(([name, assignment]) => [name, assignment.kind === 'value' ? assignment.value : '<previous>']),
  );

const parseValues = (content: string): Record<string, string> => getValues(parseParameters(content, origin));

describe('parseParameters', () => {
  it.each([
    ['key=value with commas', 'A=1,B=two words,C=', { A: '1', B: 'two words', C: '' }],
    ['key=value on lines', '\n A=1\n B = x=y \n', { A: '1', B: 'x=y' }],
    ['quotes around commas', `A="1,2",B='{"k": "v, w"}'`, { A: '1,2', B: '{"k": "v, w"}' }],
    ['comments', '# staging\nA=1\n  # more\nB=#2\n', { A: '1', B: '#2' }],
    [
      'backslashes in quotes',
      'A="C:\\\\dir\\",B="say \\"hi\\"",C=\'\\d\'',
      { A: 'C:\\\\dir\\', B: 'say \\"hi\\"', C: '\\d' },
    ],
    ['a key given again', 'A=1,A=2,B=x', { A: '1,2', B: 'x' }],
    ['folded lines that end with commas', 'Zones=eu-1a, Zones=eu-1b, Key=k,', { Zones: 'eu-1a,eu-1b', Key: 'k' }],
    ['a JSON object', '{"A": "1", "B": 2, "C": true}', { A: '1', B: '2', C: 'true' }],
    ['a YAML mapping', 'A: 1\nB: "x, y"\nC: false\n', { A: '1', B: 'x, y', C: 'false' }],
    ['lists in a mapping', 'Zones: [a, b]\nPorts:\n  - 80\n  - 443\n', { Zones: 'a,b', Ports: '80,443' }],
    [
      'numbers as they are written',
      'Account: 001234567890\nVersion: 1.10\nBig: 123456789012345678901',
      {
        Account: '001234567890',
        Version: '1.10',
        Big: '123456789012345678901',
      },
    ],
    [
      'the AWS CLI’s list',
      '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]',
      {
        A: '1',
        B: '<previous>',
      },
    ],
    [
      'a described stack’s list',
      '[{"ParameterKey": "A", "ParameterValue": "/ssm", "ResolvedValue": "x", "UsePreviousValue": false}]',
      {
        A: '/ssm',
      },
    ],
    [
      'the AWS CLI’s input',
      '{"StackName": "shop", "Parameters": [{"ParameterKey": "A", "ParameterValue": "1"}], "Capabilities": []}',
      { A: '1' },
    ],
    ['a list of assignments', '["A=1", "B=x=y,z", "C="]', { A: '1', B: 'x=y,z', C: '' }],
    ['a YAML list of assignments', '- A=1\n- B=2\n', { A: '1', B: '2' }],
    ['CodePipeline’s configuration', '{"Parameters": {"A": "1"}}', { A: '1' }],
    ['a parameter that is called Parameters', '{"Parameters": "x"}', { Parameters: 'x' }],
    ['nothing', ' \n', {}],
  ])('parses %s', (_, content, values) => {
    expect(parseValues(content)).toEqual(values);
  });

  it('returns tags and stack policy of a template configuration', () => {
    const policy = { Statement: [{ Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: '*' }] };
    const content = JSON.stringify({ Parameters: { A: '1' }, Tags: { team: 'shop', cost: 7 }, StackPolicy: policy });
    const { tags, stackPolicy } = parseParameters(content, origin);
    expect(tags).toEqual(
      new Map([
        ['team', 'shop'],
        ['cost', '7'],
      ]),
    );
    expect(JSON.parse(stackPolicy ?? '')).toEqual(policy);
  });

  it('returns the tags of the AWS CLI’s input', () => {
    const content = '{"Parameters": [], "Tags": [{"Key": "team", "Value": "shop"}]}';
    expect(parseParameters(content, origin).tags).toEqual(new Map([['team', 'shop']]));
  });

  it('distinguishes missing tags from empty tags', () => {
    expect(parseParameters('{"Parameters": {}}', origin).tags).toBeUndefined();
    expect(parseParameters('{"Tags": {}}', origin).tags).toEqual(new Map());
  });

  it('returns the line of each value', () => {
    const { assignments } = parseParameters('[\n  {"ParameterKey": "A", "ParameterValue": "1"}\n]', origin);
    expect(assignments.get('A')?.location).toEqual({ file: 'prod.json', startLine: 2 });
  });

  it.each([
    [
      'two values for one name',
      '[\n{"ParameterKey":"A","ParameterValue":"1"},\n{"ParameterKey":"A","ParameterValue":"2"}]',
      'prod.json:3: A is set twice: remove one',
    ],
    [
      'two equal keys of a mapping',
      '{"A": "1",\n "A": "2"}',
      /^prod\.json:1: a key is set more than once: remove all but one/,
    ],
    ['a mapping as a value', 'A:\n  B: 1\n', 'prod.json:1: (A) must be a string, number or boolean'],
    ['an intrinsic function', 'A: !Ref B\n', 'prod.json:1: (A) must be a string, number or boolean'],
    ['no value', 'B: 1\nA:\n', "prod.json:2: (A) is null: use '' for an empty string"],
    ['an entry without key', '[{"Key": "A"}]', 'prod.json:1: must have a ParameterKey'],
    [
      'an entry without value',
      '[{"ParameterKey": "A"}]',
      'prod.json:1: requires a ParameterValue for A, or "UsePreviousValue": true',
    ],
    [
      'a value and the previous one',
      '[{"ParameterKey": "A", "ParameterValue": "1", "UsePreviousValue": true}]',
      /both a ParameterValue and "UsePreviousValue": true for A: remove one/,
    ],
    [
      'a list of something else',
      '[1]',
      /prod\.json:1: must be \{"ParameterKey": "…", "ParameterValue": "…"\} or "key=value"/,
    ],
    [
      'a wrong tag of the AWS CLI’s input',
      '{"Parameters": [], "Tags": [{"Name": "a"}]}',
      'prod.json:1: must be {"Key": "…", "Value": "…"}',
    ],
    ['an assignment without key', '["=x"]', 'prod.json:1: is \'=x\': use "key=value"'],
    ['a text', 'just words', /has no parameters: use key=value/],
    ['broken JSON', '{"A": "1"', /^prod\.json:\d+: /],
    ['an assignment with a comma too many', 'A=1 "x, y"', /^prod\.json: .*quote values that contain commas/],
  ])('rejects %s', (_, content, message) => {
    expect(() => parseValues(content)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => parseValues(content)).toThrow(message);
  });
});
