import { describe, expect, it } from '@jest/globals';
import {
  checkCredentialExpiry,
  getConsoleUrl,
  getDnsSuffix,
  getPartition,
  parseArn,
  tryParseArn,
} from '../src/client-options.js';

describe('a Region', () => {
  it.each([
    ['eu-west-1', 'aws', 'amazonaws.com', 'https://eu-west-1.console.aws.amazon.com/x?y'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'https://cn-north-1.console.amazonaws.cn/x?y'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com', 'https://us-gov-west-1.console.amazonaws-us-gov.com/x?y'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/x?y'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov', undefined],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov', undefined],
    ['eu-west-99', 'aws', 'amazonaws.com', 'https://eu-west-99.console.aws.amazon.com/x?y'],
  ])('%s has its partition, domain and console', (region, partition, suffix, address) => {
    expect(getPartition(region)).toBe(partition);
    expect(getDnsSuffix(region)).toBe(suffix);
    expect(getConsoleUrl(region, '/x?y')).toBe(address);
  });
});

describe('an ARN', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/ci/deploy', ['aws', 'iam', '', '123456789012', 'role/ci/deploy']],
    ['arn:aws-cn:s3:::bucket/a:b c', ['aws-cn', 's3', '', '', 'bucket/a:b c']],
    ['arn:aws-iso-b:sns:us-isob-east-1:123456789012:t', ['aws-iso-b', 'sns', 'us-isob-east-1', '123456789012', 't']],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', ['aws', 'iam', '', 'aws', 'policy/ReadOnlyAccess']],
  ])('has its parts: %s', (value, [partition, service, region, account, resource]) => {
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
  ])('is not %j', (value) => {
    expect(tryParseArn(value)).toBeUndefined();
    expect(() => parseArn(value, "input 'role-arn'")).toThrow(
      `input 'role-arn' '${value}' is not an ARN: write it as arn:aws:service:region:account:resource`,
    );
  });
});

describe('the remark on credentials that end early', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const deadline = now + 3_600_000;
  const checkExpiry = (end: string, rest: Record<string, string> = { AWS_ACCESS_KEY_ID: 'AKID' }) =>
    checkCredentialExpiry({ AWS_CREDENTIAL_EXPIRATION: end, ...rest }, now, deadline);

  it('says when they end and how long the step may wait', () => {
    expect(checkExpiry('2026-01-01T12:20:00Z')).toBe(
      'the credentials end at 2026-01-01T12:20:00.000Z, in 20m 00s, but this step may wait for 1h 00m 00s: ask for a longer session, a shorter timeout, or refresh in oidc-credentials',
    );
  });

  it('says that they have ended', () => {
    expect(checkExpiry('2026-01-01T11:59:00Z')).toBe(
      'the credentials ended at 2026-01-01T11:59:00.000Z: get new ones before this step',
    );
  });

  it.each([
    ['they outlive the step', '2026-01-01T13:00:00Z', { AWS_ACCESS_KEY_ID: 'AKID' }],
    ['nobody knows when they end', 'soon', { AWS_ACCESS_KEY_ID: 'AKID' }],
    ['the environment holds none', '2026-01-01T12:20:00Z', {}],
  ])('is not made when %s', (_, end, rest) => {
    expect(checkExpiry(end, rest)).toBeUndefined();
  });
});
