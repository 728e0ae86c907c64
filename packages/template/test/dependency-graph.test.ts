import { describe, expect, it } from '@jest/globals';
import { buildDependencyGraph, findResourceReferences, sortTopologically } from '../src/dependency-graph.js';
import { checkReferences } from '../src/reference-validation.js';
import { parseTemplate } from '../src/template.js';

const template = parseTemplate(`
Parameters: { Name: { Type: String } }
Conditions: { Streams: !Equals [!Ref Name, x] }
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      Stream: !If [Streams, !GetAtt Stream.Arn, !Ref Backup]
      Name: !Sub ['\${Name}-\${Own}-\${Queue.Arn}-\${!Stream}', { Own: !Ref Bucket }]
  Stream: { Type: AWS::Kinesis::Stream, DependsOn: Bucket }
  Backup: { Type: AWS::Kinesis::Stream }
  Bucket: { Type: AWS::S3::Bucket }
  Queue: { Type: AWS::SQS::Queue }
`);

describe('dependencies', () => {
  it('finds every reference with its path', () => {
    const table = template.resources.get('Table');
    if (table === undefined) throw new Error('no table');
    expect(
      findResourceReferences(table).map(
        ({ name, attribute }) => `${name}${attribute === undefined ? '' : `.${attribute}`}`,
      ),
    ).toEqual(['Stream.Arn', 'Backup', 'Name', 'Queue.Arn', 'Bucket']);
    expect(findResourceReferences(table)[0]?.path).toEqual(['Resources', 'Table', 'Properties', 'Stream', 'Fn::If', 1]);
  });

  it('orders resources after what they need', () => {
    const order = sortTopologically(buildDependencyGraph(template));
    expect(order.at(-1)).toBe('Table');
    expect(order.indexOf('Stream')).toBeGreaterThan(order.indexOf('Bucket'));
  });

  it('follows the branch that a condition takes', () => {
    const listDependencies = (taken: boolean) =>
      [...(buildDependencyGraph(template, () => taken).get('Table') ?? [])].sort();
    expect(listDependencies(true)).toEqual(['Bucket', 'Queue', 'Stream']);
    expect(listDependencies(false)).toEqual(['Backup', 'Bucket', 'Queue']);
  });

  it('names the resources of a circle', () => {
    const circle = parseTemplate(
      'Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A }, C: { Type: T } }',
    );
    expect(() => sortTopologically(buildDependencyGraph(circle))).toThrow(
      'circular dependency between resources: [A, B]',
    );
    expect(checkReferences(circle).map(({ code }) => code)).toEqual(['reference']);
  });
});

describe('checkReferences', () => {
  it('finds nothing wrong where all names lead somewhere', () => {
    expect(checkReferences(template)).toEqual([]);
  });

  it('says where a name leads nowhere, and the nearest one', () => {
    const errors = checkReferences(
      parseTemplate(`Parameters: { Name: { Type: String } }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: Bukket
    Condition: Big
    Properties:
      QueueName: !Ref Nmae
  Bucket: { Type: AWS::S3::Bucket }
Outputs:
  Arn: { Value: !GetAtt Qeue.Arn }
`),
    );
    expect(errors.map(({ message, position }) => `${position?.line}: ${message}`)).toEqual([
      '8: Resources.Queue.Properties.QueueName refers to Nmae, and the template has no such parameter or resource: did you mean Name',
      '11: Outputs.Arn.Value refers to Qeue, and the template has no such resource: did you mean Queue',
      '5: Resources.Queue.DependsOn refers to Bukket, and the template has no such resource: did you mean Bucket',
      '6: Resources.Queue needs the condition Big: declare it under Conditions',
    ]);
  });
});
