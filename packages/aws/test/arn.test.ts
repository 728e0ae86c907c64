import { describe, expect, it } from '@jest/globals';
import { parseArn, tryParseArn } from '../src/arn.js';

describe('parseArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/ci/deploy', ['aws', 'iam', '', '123456789012', 'role/ci/deploy']],
    ['arn:aws-cn:s3:::bucket/a:b c', ['aws-cn', 's3', '', '', 'bucket/a:b c']],
    ['arn:aws-iso-b:sns:us-isob-east-1:123456789012:t', ['aws-iso-b', 'sns', 'us-isob-east-1', '123456789012', 't']],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', ['aws', 'iam', '', 'aws', 'policy/ReadOnlyAccess']],
  ])('parses %s', (value, [partition, service, region, account, resource]) => {
    expect(parseArn(value, 'role')).toEqual({ partition, service, region, account, resource });
  });

  it.each([
    '',
    'deploy',
    'arn:aws:iam::123456789012:',
    'arn:aws:iam::1234:role/x',
    'arn:gcp:iam::123456789012:role/x',
    'arn:aws:iam::123456789012:role/x\n::error::',
    ' arn:aws:iam::123456789012:role/x',
  ])('rejects %j', (value) => {
    expect(tryParseArn(value)).toBeUndefined();
    expect(() => parseArn(value, "input 'role-arn'")).toThrow(
      `input 'role-arn' '${value}' is not an ARN: write it as arn:aws:service:region:account:resource`,
    );
  });
});
