import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { type ParameterQuestion, type ParameterResolution, resolveParameters } from '../src/parameters.js';
import { parseParameters } from '../src/parameters-document.js';

const TEMPLATE = `Parameters:
  ShardCountParameter:
    Type: Number
    Default: 1
    MinValue: 1
    MaxValue: 10
  Name: { Type: String, AllowedPattern: '[a-z]+' }
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Password: { Type: String, NoEcho: true, MinLength: 8, Default: insecure }
  Zones: { Type: CommaDelimitedList, Default: 'a,b' }
Resources:
  Queue: { Type: AWS::SQS::Queue }
`;

interface Case {
  readonly given?: string;
  readonly file?: string;
  readonly previous?: Readonly<Record<string, string>>;
  readonly unmentioned?: ParameterQuestion['unmentioned'];
}

const resolve = ({ given = '', file, previous, unmentioned = 'keep' }: Case): ParameterResolution =>
  resolveParameters({
    template: parseTemplate(TEMPLATE),
    file: 'template.yml',
    assignments: parseParameters(given, { name: file ?? 'input', file }).assignments,
    previous: previous === undefined ? undefined : new Map(Object.entries(previous)),
    unmentioned,
  });

const faultsOf = (found: ParameterResolution): readonly string[] =>
  found.kind === 'refused' ? found.faults.map(({ message }) => message) : [];

describe('resolveParameters', () => {
  it('leaves defaults to a new stack', () => {
    expect(resolve({ given: 'Name=shop' })).toEqual({
      kind: 'resolved',
      secrets: [],
      parameters: [{ ParameterKey: 'Name', ParameterValue: 'shop' }],
      notes: [],
    });
  });

  it('keeps what the stack has and nobody mentions, where the template still has it', () => {
    const previous = { Name: 'shop', Stage: 'dev', Gone: 'x' };
    expect(resolve({ given: 'Stage=prod', previous })).toMatchObject({
      kind: 'resolved',
      parameters: [
        { ParameterKey: 'Stage', ParameterValue: 'prod' },
        { ParameterKey: 'Name', UsePreviousValue: true },
      ],
    });
  });

  it('says where a value that stays is not the template’s default', () => {
    const found = resolve({ previous: { Name: 'shop', Stage: 'prod', Zones: 'a,b', Password: '****' } });
    expect(found).toMatchObject({
      notes: [
        "parameter Stage keeps 'prod', which the stack has; the template's default is 'dev': give it a value, or set reset-parameters, to change it",
      ],
    });
  });

  it('goes back to defaults when asked, and says so', () => {
    const previous = { Name: 'shop', Stage: 'prod', Password: '****' };
    expect(resolve({ given: 'Name=shop', previous, unmentioned: 'reset' })).toMatchObject({
      kind: 'resolved',
      parameters: [{ ParameterKey: 'Name', ParameterValue: 'shop' }],
      notes: ["parameter Stage goes back from 'prod' to the template's default 'dev'"],
    });
  });

  it('keeps a value that is asked for even when others are reset', () => {
    const given = '[{"ParameterKey": "Stage", "UsePreviousValue": true}, "Name=shop"]';
    expect(resolve({ given, previous: { Stage: 'prod' }, unmentioned: 'reset' })).toMatchObject({
      parameters: [
        { ParameterKey: 'Name', ParameterValue: 'shop' },
        { ParameterKey: 'Stage', UsePreviousValue: true },
      ],
      notes: [],
    });
  });

  it('refuses an unknown parameter with the nearest name, at its line', () => {
    const found = resolve({ given: '{\n"Nmae": "shop",\n"Name": "shop"}', file: 'prod.json' });
    expect(found).toMatchObject({
      kind: 'refused',
      faults: [
        {
          parameter: 'Nmae',
          message: 'the template has no parameter Nmae: did you mean Name',
          place: { file: 'prod.json', startLine: 2 },
        },
      ],
    });
  });

  it('refuses an unknown parameter that shall keep its value', () => {
    const given = '[{"ParameterKey": "Stgae", "UsePreviousValue": true}, "Name=shop"]';
    expect(faultsOf(resolve({ given, previous: { Stage: 'dev' } }))).toEqual([
      'the template has no parameter Stgae: did you mean Stage',
    ]);
  });

  it('refuses a parameter without value, at its declaration', () => {
    expect(resolve({})).toMatchObject({
      faults: [{ parameter: 'Name', place: { file: 'template.yml', startLine: 7 } }],
    });
    expect(faultsOf(resolve({ previous: { Stage: 'dev' }, unmentioned: 'reset' }))).toEqual([
      'parameter Name has no default: give it a value',
    ]);
  });

  it.each([0, 11])('refuses %d shards before any call', (count) => {
    expect(faultsOf(resolve({ given: `Name=shop,ShardCountParameter=${count}` }))).toEqual([
      expect.stringMatching(/^parameter ShardCountParameter is '\d+', but must be at (least 1|most 10)$/),
    ]);
  });

  it('refuses a value that stays and that the new template no longer takes', () => {
    expect(faultsOf(resolve({ previous: { Name: 'shop', ShardCountParameter: '0' } }))).toEqual([
      "parameter ShardCountParameter is '0', but must be at least 1; it is the value the stack has: give it another",
    ]);
  });

  it('refuses to keep a value that does not exist', () => {
    const given = '[{"ParameterKey": "Name", "UsePreviousValue": true}]';
    expect(faultsOf(resolve({ given }))).toEqual([
      'parameter Name cannot keep its previous value, there is no stack yet: give it a value',
    ]);
    expect(faultsOf(resolve({ given, previous: {} }))).toEqual([
      'parameter Name cannot keep its previous value, the stack has no such parameter: give it a value',
    ]);
  });

  it('names the values of NoEcho parameters for masking, and shows them nowhere', () => {
    const found = resolve({ given: 'Name=shop,Password=secret1' });
    expect(found.secrets).toEqual(['secret1']);
    expect(faultsOf(found)).toEqual([expect.stringContaining('Password is a hidden value')]);
    expect(JSON.stringify(faultsOf(found))).not.toContain('secret1');
  });

  it('does not judge a hidden value that stays', () => {
    const previous = { Name: '****', Password: '****' };
    expect(resolve({ previous })).toMatchObject({
      kind: 'resolved',
      parameters: [
        { ParameterKey: 'Name', UsePreviousValue: true },
        { ParameterKey: 'Password', UsePreviousValue: true },
      ],
      notes: [],
    });
  });

  it('reports all faults at once', () => {
    expect(faultsOf(resolve({ given: 'Nmae=x,Stage=test' }))).toHaveLength(3);
  });
});
