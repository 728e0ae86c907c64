import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/operation/failure-class.js';
import { findSourceParameter } from '../../src/operation/parameter-origin.js';
import type { Cause } from '../../src/operation/root-cause.js';

const template = parseTemplate(`
Parameters:
  Shards: { Type: Number }
  Stage: { Type: String }
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: !Ref Shards
      Name: !Sub 'sales-\${Stage}'
      Tags: [{ Key: stage, Value: !Ref Stage }]
      StreamEncryption: { KeyId: !GetAtt Key.Arn }
  Key: { Type: AWS::KMS::Key }
`);

const createCause = (reason: string, more: Partial<Cause> = {}): Cause => ({
  stackPath: [],
  logicalId: 'Stream',
  type: 'AWS::Kinesis::Stream',
  status: 'CREATE_FAILED',
  reason,
  at: 0,
  ...diagnose(reason),
  ...more,
});

describe('the parameter behind a failure', () => {
  it.each([
    ["Value '0' at 'shardCount' failed to satisfy constraint", 'ShardCount comes from the parameter Shards'],
    ['#/ShardCount: 0 is not greater or equal to 1', 'ShardCount comes from the parameter Shards'],
    ['Invalid value at #/Tags/0/Value: too long', 'Value comes from the parameter Stage'],
    ["'Name' must match [a-z]+", 'Name comes from the parameter Stage'],
  ])('is named where the reason names its property: %s', (reason, message) => {
    expect(findSourceParameter(template, createCause(reason))).toBe(message);
  });

  it.each([
    ['the reason names no property', createCause('Rate exceeded')],
    ['the reason only has its letters in another word', createCause("'ShardCountLimit' is too low")],
    ['the property comes from another resource', createCause("'KeyId' is not a key")],
    ['the resource is in a nested stack', createCause("'shardCount' is 0", { stackPath: ['Nested'] })],
    ['the template has no such resource', createCause("'shardCount' is 0", { logicalId: 'Other' })],
  ])('is not named where %s', (_, cause) => {
    expect(findSourceParameter(template, cause)).toBeUndefined();
  });
});
