import { describe, expect, it } from '@jest/globals';
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

describe('checkReferences', () => {
  it('accepts a template whose names all resolve', () => {
    expect(checkReferences(template)).toEqual([]);
  });

  it('reports the position of an unresolved name and suggests the closest one', () => {
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

  it('reports circular dependencies', () => {
    const cyclic = parseTemplate('Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A } }');
    expect(checkReferences(cyclic).map(({ code }) => code)).toEqual(['reference']);
  });
});
