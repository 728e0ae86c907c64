import { parseTemplate } from '../src/template.js';

/** A template with every kind of reference: !Ref, !GetAtt, !Sub with its own variables, DependsOn and a condition. */
export const referenceTemplate = parseTemplate(`
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
