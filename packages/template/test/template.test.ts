import { describe, expect, it } from '@jest/globals';
import { TemplateError } from '../src/error.js';
import { parseTemplate } from '../src/template.js';

const getParseError = (text: string): TemplateError => {
  try {
    parseTemplate(text, { isStrict: true });
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('the template was accepted');
};

const resource = 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n';

describe('parseTemplate', () => {
  it('converts every short tag to its long form', () => {
    const template = parseTemplate(`
Conditions:
  Both: !And [!Condition A, !Not [!Equals [!Ref P, x]]]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      A: !Sub \${Topic}
      B: !GetAtt Other.Outputs.Name
      C: !GetAtt [Other, Arn]
      D: !Join
        - ','
        - !Split ['-', a-b]
      E: !Transform { Name: 'AWS::Include', Parameters: { Location: s3 } }
      F: !Base64
        Fn::Sub: x
      G: !If [Both, !Ref AWS::NoValue, !FindInMap [M, k, v]]
`);
    expect(template.document).toEqual({
      Conditions: {
        Both: { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'P' }, 'x'] }] }] },
      },
      Resources: {
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            A: { 'Fn::Sub': '${Topic}' },
            B: { 'Fn::GetAtt': ['Other', 'Outputs.Name'] },
            C: { 'Fn::GetAtt': ['Other', 'Arn'] },
            D: { 'Fn::Join': [',', { 'Fn::Split': ['-', 'a-b'] }] },
            E: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3' } } },
            F: { 'Fn::Base64': { 'Fn::Sub': 'x' } },
            G: { 'Fn::If': ['Both', { Ref: 'AWS::NoValue' }, { 'Fn::FindInMap': ['M', 'k', 'v'] }] },
          },
        },
      },
    });
  });

  it('parses JSON with tabs and reports its format', () => {
    const template = parseTemplate('{\n\t"Resources": {\n\t\t"Topic": {"Type": "AWS::SNS::Topic"}\n\t}\n}');
    expect(template.format).toBe('json');
    expect(template.resources.get('Topic')?.type).toBe('AWS::SNS::Topic');
    expect(template.getPosition(['Resources', 'Topic'])).toEqual({ line: 3, column: 3 });
  });

  it('reports the position of every resource, property and parameter', () => {
    const template = parseTemplate(`Parameters:
  Count: { Type: Number }
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: !Ref Count
      Tags:
        - Key: a
          Value: !If
            - Big
            - b
            - c
`);
    expect(template.getPosition(['Parameters', 'Count'])).toEqual({ line: 2, column: 3 });
    expect(template.getPosition(['Resources', 'Stream', 'Properties', 'ShardCount'])).toEqual({ line: 7, column: 7 });
    expect(template.getPosition(['Resources', 'Stream', 'Properties', 'Tags', 0, 'Value', 'Fn::If', 2])).toEqual({
      line: 13,
      column: 15,
    });
    expect(template.getPosition(['Resources', 'Stream', 'Properties', 'Missing'])?.line).toBe(6);
    expect(template.getPosition([])).toBeUndefined();
  });

  it('reads numbers as YAML 1.1 has them, and keeps those that a number cannot hold', () => {
    const { metadata } = parseTemplate(
      `Metadata: { Id: 012345678901, Version: 1.10, Octal: 0755, Large: 12345678901234567890, Date: 2012-10-17 }\n${resource}`,
    );
    expect(metadata).toEqual({
      Id: '012345678901',
      Version: 1.1,
      Octal: 493,
      Large: '12345678901234567890',
      Date: '2012-10-17',
    });
  });

  it('resolves aliases', () => {
    const { resources } = parseTemplate(`
Resources:
  A: { Type: AWS::SNS::Topic, Properties: &p { DisplayName: !Ref AWS::Region } }
  B: { Type: AWS::SNS::Topic, Properties: *p }
`);
    expect(resources.get('B')?.properties).toEqual({ DisplayName: { Ref: 'AWS::Region' } });
  });

  it.each([
    [
      'aliases that multiply',
      `Metadata: {a: &a [x,x,x,x,x,x,x,x,x,x], b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d], f: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]}\n${resource}`,
    ],
    ['an alias inside its own anchor', `Metadata: &m { a: *m }\n${resource}`],
  ])('rejects %s', (_, text) => {
    expect(getParseError(text)).toMatchObject({
      code: 'syntax',
      message: expect.stringContaining('do not nest aliases'),
    });
  });

  it.each([
    ['a tab as indentation', 'Resources:\n\tTopic: x\n', 'syntax', 'tabs are not allowed as indentation', 2],
    ['an unknown tag', `${resource}    Properties: { A: !Reff x }\n`, 'syntax', 'did you mean !Ref', 4],
    ['an unknown section', `Resource: {}\n${resource}`, 'format', 'did you mean Resources', 1],
    ['a resource without a type', 'Resources:\n  Topic:\n    Properties: {}\n', 'format', 'must have a Type', 2],
    ['a resource that is a string', 'Resources:\n  Topic: x\n', 'format', 'must be a mapping', 2],
    ['a name with a hyphen', 'Resources:\n  my-topic: { Type: T }\n', 'format', 'letters and digits', 2],
    ['a parameter without a type', `Parameters:\n  P: {}\n${resource}`, 'format', 'must have a Type', 2],
    [
      'a bound that is not a number',
      `Parameters:\n  P: { Type: Number, MinValue: low }\n${resource}`,
      'format',
      "is 'low' but must be a number",
      2,
    ],
    ['an output without a value', `Outputs:\n  O: { Description: x }\n${resource}`, 'format', 'must have a Value', 2],
  ])('rejects %s at its position', (_, text, code, part, line) => {
    const error = getParseError(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(part);
    expect(error.position?.line).toBe(line);
  });

  it('leaves unknown sections and tags to CloudFormation, with a warning', () => {
    const { warnings } = parseTemplate(`Rulez: {}\n${resource}    Properties: { A: !Reff x }\n`);
    expect(warnings).toEqual([
      {
        code: 'unknown-tag',
        message: 'CloudFormation does not support the tag !Reff: did you mean !Ref',
        position: { line: 5, column: 22 },
      },
      {
        code: 'unknown-section',
        message: 'Rulez is not a section of a template: did you mean Rules',
        position: { line: 1, column: 1 },
      },
    ]);
  });

  it('uses the last of two equal keys, with a warning on the line of the first', () => {
    const { resources, warnings } = parseTemplate(
      `${resource}    Properties:\n      DisplayName: first\n      TopicName: t\n      DisplayName: second\n`,
    );
    expect(resources.get('Topic')?.properties).toEqual({ TopicName: 't', DisplayName: 'second' });
    expect(warnings).toEqual([
      {
        code: 'duplicate-key',
        message: 'the key DisplayName is set more than once: the last value is used',
        position: { line: 5, column: 7 },
      },
    ]);
  });

  it.each([
    ['a list of resources', 'Transform: Expand\nResources:\n- Type: A\n', 'Resources must be a mapping'],
    ['a section of a macro', 'Transform: [Expand]\nServices: [a]\n', 'at least one resource'],
    [
      'a transform at the top',
      `Fn::Transform: {Name: M, Parameters: {A: b}}\nOutputs: {O: {}}\n${resource}`,
      'O must have',
    ],
    ['a resource that a transform writes', 'Resources:\n  A: {Fn::Transform: {Name: M}}\n', 'must have a Type'],
    ['an inserted snippet', 'Resources:\n  my-topic: !Transform {Name: AWS::Include}\n', 'letters and digits'],
  ])('leaves the form of %s to a transform, with one warning', (_, text, part) => {
    const { warnings } = parseTemplate(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: 'unchecked', message: expect.stringContaining(part) });
  });

  it('resolves merge keys and reports them', () => {
    const template = parseTemplate(
      `Metadata: {P: &p {A: 1, B: 2}}\nResources:\n  T:\n    Type: X\n    Properties:\n      <<: *p\n      B: 3\n`,
    );
    expect(template.resources.get('T')?.properties).toEqual({ A: 1, B: 3 });
    expect([template.hasAliases, parseTemplate(resource).hasAliases]).toEqual([true, false]);
  });

  it('reads escape sequences of JSON', () => {
    expect(parseTemplate('{"Description": "a\\/b", "Resources": {"T": {"Type": "X"}}}').description).toBe('a/b');
  });

  it.each([
    ['an empty text', ''],
    ['a template without resources', 'Description: x'],
    ['a template with empty resources', 'Resources: {}'],
  ])('rejects %s', (_, text) => {
    expect(getParseError(text).code).toBe('format');
  });

  it('reads a long text', () => {
    const queues = Array.from(
      { length: 400 },
      (_, index) => `  Q${index}:\n    Type: T\n    Properties: { A: [${index}, b] }\n`,
    );
    const { resources } = parseTemplate(`Resources:\n${queues.join('')}`);
    expect([...resources.values()].map(({ properties }) => properties)).toEqual(
      queues.map((_, index) => ({ A: [index, 'b'] })),
    );
  });

  it('rejects more than 1 MiB', () => {
    expect(getParseError(`${resource}# ${'x'.repeat(1_048_576)}`).message).toContain('CloudFormation allows 1048576');
  });

  it('skips Fn::ForEach loops of AWS::LanguageExtensions', () => {
    const { resources, transforms } = parseTemplate(
      `Transform: [AWS::LanguageExtensions]\n${resource}  Fn::ForEach::Topics: [N, [a, b], { 'Topic\${N}': { Type: AWS::SNS::Topic } }]\n`,
    );
    expect([...resources.keys()]).toEqual(['Topic']);
    expect(transforms).toEqual(['AWS::LanguageExtensions']);
  });
});
