/** A queue whose delay is a parameter; above 900 seconds its creation or update fails. */
export const QUEUE = `
Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
Outputs:
  Arn: { Value: !GetAtt Queue.Arn }
`;

/** A bucket, a queue that may fail, and a topic that depends on the queue, in this order. */
export const CHAIN = `
Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Queue: { Type: AWS::SQS::Queue, DependsOn: Bucket, Properties: { DelaySeconds: !Ref Delay } }
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt Queue.QueueName } }
Outputs:
  BucketName: { Value: !Ref Bucket }
  TopicArn: { Value: !Ref Topic }
`;

/** A queue, and a wait condition without a signal: in progress for \`Timeout\` seconds, then failed. */
export const WAITING = `
Parameters:
  Delay: { Type: Number, Default: 0 }
  Waits: { Type: String, Default: 'no', AllowedValues: ['yes', 'no'] }
  Timeout: { Type: Number, Default: 1 }
Conditions:
  Waits: !Equals [!Ref Waits, 'yes']
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Wait:
    Type: AWS::CloudFormation::WaitCondition
    Condition: Waits
    DependsOn: Queue
    Properties: { Handle: !Ref Handle, Timeout: !Ref Timeout }
`;

/** A secret whose value is a parameter, and a wait condition that fails after it. */
export const SECRET = `
Parameters:
  Text: { Type: String, Default: old }
  Waits: { Type: String, Default: 'no' }
Conditions:
  Waits: !Equals [!Ref Waits, 'yes']
Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: !Ref Text } }
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Wait:
    Type: AWS::CloudFormation::WaitCondition
    Condition: Waits
    DependsOn: Secret
    Properties: { Handle: !Ref Handle, Timeout: 1 }
`;

/** A parent whose child's template is at \`url\`, and a topic named after the child's queue. */
export const renderParent = (url: string) => `
Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ${url}
      Parameters: { Delay: !Ref Delay }
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt Child.Outputs.Arn } }
Outputs:
  ChildId: { Value: !Ref Child }
  Arn: { Value: !GetAtt Child.Outputs.Arn }
`;

/** A parameter in Parameter Store. */
export const STORED = `
Resources:
  Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: as declared } }
`;
