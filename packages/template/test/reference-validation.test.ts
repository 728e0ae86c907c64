import { describe, expect, it } from '@jest/globals';
import { checkReferences } from '../src/reference-validation.js';
import { parseTemplate } from '../src/template.js';
import { referenceTemplate } from './reference-template.js';

describe('checkReferences', () => {
  it('accepts a template whose names all resolve', () => {
    expect(checkReferences(referenceTemplate)).toEqual([]);
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
      '8: Resources.Queue.Properties.QueueName refers to Nmae, which is not a parameter or resource of the template: did you mean Name',
      '11: Outputs.Arn.Value refers to Qeue, which is not a resource of the template: did you mean Queue',
      '5: Resources.Queue.DependsOn refers to Bukket, which is not a resource of the template: did you mean Bucket',
      '6: Resources.Queue refers to the condition Big, which is not declared: add it to Conditions',
    ]);
  });

  it('reports circular dependencies', () => {
    const cyclic = parseTemplate('Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A } }');
    expect(checkReferences(cyclic).map(({ code }) => code)).toEqual(['reference']);
  });
});
