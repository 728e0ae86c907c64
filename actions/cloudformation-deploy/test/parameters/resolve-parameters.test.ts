import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { parseParameters } from '../../src/parameters/parse-parameters.js';
import {
  type ParameterResolution,
  type ResolveParametersOptions,
  resolveParameters,
} from '../../src/parameters/resolve-parameters.js';

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
  readonly input?: string;
  readonly file?: string;
  readonly previous?: Readonly<Record<string, string>>;
  readonly unmentioned?: ResolveParametersOptions['unmentioned'];
}

const resolve = ({ input = '', file, previous, unmentioned = 'keep' }: Case): ParameterResolution =>
  resolveParameters({
    template: parseTemplate(TEMPLATE),
    file: 'template.yml',
    assignments: parseParameters(input, { name: file ?? 'input', file }).assignments,
    previous: previous === undefined ? undefined : new Map(Object.entries(previous)),
    unmentioned,
  });

const getIssueMessages = (resolution: ParameterResolution): readonly string[] =>
  resolution.kind === 'rejected' ? resolution.issues.map(({ message }) => message) : [];

describe('resolveParameters', () => {
  it('passes no defaults for a new stack', () => {
    expect(resolve({ input: 'Name=shop' })).toEqual({
      kind: 'resolved',
      secrets: [],
      parameters: [{ ParameterKey: 'Name', ParameterValue: 'shop' }],
      notes: [],
    });
  });

  it('keeps the stack’s values of unmentioned parameters that the template still declares', () => {
    const previous = { Name: 'shop', Stage: 'dev', Gone: 'x' };
    expect(resolve({ input: 'Stage=prod', previous })).toMatchObject({
      kind: 'resolved',
      parameters: [
        { ParameterKey: 'Stage', ParameterValue: 'prod' },
        { ParameterKey: 'Name', UsePreviousValue: true },
      ],
    });
  });

  it('notes kept values that differ from the template’s default', () => {
    const resolution = resolve({ previous: { Name: 'shop', Stage: 'prod', Zones: 'a,b', Password: '****' } });
    expect(resolution).toMatchObject({
      notes: [
        "Parameter Stage keeps the stack's value 'prod'. The template's default is 'dev'. To change it, set the parameter or reset-parameters: true",
      ],
    });
  });

  it('resets unmentioned parameters to their defaults with a note', () => {
    const previous = { Name: 'shop', Stage: 'prod', Password: '****' };
    expect(resolve({ input: 'Name=shop', previous, unmentioned: 'reset' })).toMatchObject({
      kind: 'resolved',
      parameters: [{ ParameterKey: 'Name', ParameterValue: 'shop' }],
      notes: ["Parameter Stage is reset from 'prod' to the template's default 'dev'"],
    });
  });

  it('keeps a value assigned as previous when others are reset', () => {
    const input = '[{"ParameterKey": "Stage", "UsePreviousValue": true}, "Name=shop"]';
    expect(resolve({ input, previous: { Stage: 'prod' }, unmentioned: 'reset' })).toMatchObject({
      parameters: [
        { ParameterKey: 'Name', ParameterValue: 'shop' },
        { ParameterKey: 'Stage', UsePreviousValue: true },
      ],
      notes: [],
    });
  });

  it('rejects an unknown parameter at its line, with the closest name', () => {
    const resolution = resolve({ input: '{\n"Nmae": "shop",\n"Name": "shop"}', file: 'prod.json' });
    expect(resolution).toMatchObject({
      kind: 'rejected',
      issues: [
        {
          parameter: 'Nmae',
          message: 'the template has no parameter Nmae: did you mean Name',
          location: { file: 'prod.json', startLine: 2 },
        },
      ],
    });
  });

  it('rejects an unknown parameter assigned its previous value', () => {
    const input = '[{"ParameterKey": "Stgae", "UsePreviousValue": true}, "Name=shop"]';
    expect(getIssueMessages(resolve({ input, previous: { Stage: 'dev' } }))).toEqual([
      'the template has no parameter Stgae: did you mean Stage',
    ]);
  });

  it('rejects a parameter without a value, at its declaration', () => {
    expect(resolve({})).toMatchObject({
      issues: [{ parameter: 'Name', location: { file: 'template.yml', startLine: 7 } }],
    });
    expect(getIssueMessages(resolve({ previous: { Stage: 'dev' }, unmentioned: 'reset' }))).toEqual([
      'parameter Name has no default: set a value',
    ]);
  });

  it.each([0, 11])('rejects %d shards before any call', (count) => {
    expect(getIssueMessages(resolve({ input: `Name=shop,ShardCountParameter=${count}` }))).toEqual([
      expect.stringMatching(/^parameter ShardCountParameter is '\d+', but must be at (least 1|most 10)$/),
    ]);
  });

  it('rejects a kept value that the new template does not allow', () => {
    expect(getIssueMessages(resolve({ previous: { Name: 'shop', ShardCountParameter: '0' } }))).toEqual([
      "parameter ShardCountParameter is '0', but must be at least 1. This is the stack's current value: set another one",
    ]);
  });

  it('rejects a previous value that does not exist', () => {
    const input = '[{"ParameterKey": "Name", "UsePreviousValue": true}]';
    expect(getIssueMessages(resolve({ input }))).toEqual([
      'parameter Name cannot keep its previous value because the stack does not exist: set a value',
    ]);
    expect(getIssueMessages(resolve({ input, previous: {} }))).toEqual([
      'parameter Name cannot keep its previous value because the stack does not have this parameter: set a value',
    ]);
  });

  it('returns the values of NoEcho parameters as secrets, and shows them nowhere', () => {
    const resolution = resolve({ input: 'Name=shop,Password=secret1' });
    expect(resolution.secrets).toEqual(['secret1']);
    expect(getIssueMessages(resolution)).toEqual([expect.stringContaining('Password is a hidden value')]);
    expect(JSON.stringify(getIssueMessages(resolution))).not.toContain('secret1');
  });

  it('does not validate a kept hidden value', () => {
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

  it('reports all issues at once', () => {
    expect(getIssueMessages(resolve({ input: 'Nmae=x,Stage=test' }))).toHaveLength(3);
  });
});
