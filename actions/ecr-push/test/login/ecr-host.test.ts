import { describe, expect, it } from '@jest/globals';
import { findPrivateRegistry, parseEcrHost } from '../../src/login/ecr-host.js';

const toPrivate = (region: string) => ({ kind: 'private', account: '123456789012', region });

describe('parseEcrHost', () => {
  it.each([
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com', toPrivate('us-east-1')],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com:443', toPrivate('us-east-1')],
    ['123456789012.DKR.ECR.us-east-1.amazonaws.com', toPrivate('us-east-1')],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', toPrivate('us-gov-west-1')],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', toPrivate('cn-north-1')],
    ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', toPrivate('eusc-de-east-1')],
    ['123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov', toPrivate('us-iso-east-1')],
    ['123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov', toPrivate('us-isob-east-1')],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', toPrivate('eu-west-1')],
    ['123456789012.dkr-ecr-fips.us-east-2.on.aws', toPrivate('us-east-2')],
    ['123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', toPrivate('cn-north-1')],
    ['public.ecr.aws', { kind: 'public' }],
    ['ecr-public.aws.com', { kind: 'public' }],
  ])('accepts %s', (host, expected) => {
    expect(parseEcrHost(host)).toEqual(expected);
  });

  it.each([
    '123456789012.dkr.ecr.us-east-1.amazonaws.com.example.com',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com.cn.example',
    '123456789012.dkr.ecr.us-east-1.example.com',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com:8443',
    '123456789012.dkr.ecr.us-east-1.amazonawsxcom',
    '123456789012.dkr.ecr.us-east-1.on.aws',
    '123456789012.dkr-ecr.us-east-1.amazonaws.com',
    'x123456789012.dkr.ecr.us-east-1.amazonaws.com',
    'evil.123456789012.dkr.ecr.us-east-1.amazonaws.com',
    '12345678901.dkr.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr.ecr.us-east-1.evil.amazonaws.com',
    '123456789012.dkr.ecr.evil.amazonaws.com',
    '123456789012.dkr.ecr.us-east-1.localhost:4566',
    'public.ecr.aws.example.com',
    'xpublic.ecr.aws',
    'public.ecr.aws:5000',
    'localhost:5000',
    '',
  ])('rejects %s', (host) => {
    expect(parseEcrHost(host)).toBeUndefined();
  });
});

describe('findPrivateRegistry', () => {
  it('also returns the candidate that a loopback name is', () => {
    const expected = { account: '123456789012', region: 'eu-west-1' };
    expect(findPrivateRegistry('123456789012.dkr.ecr.eu-west-1.localhost:4566')).toEqual(expected);
  });

  it.each([
    '123456789012.dkr.ecr.eu-west-1.localhost.example.com',
    '123456789012.dkr.ecr.eu-west-1.notlocalhost:4566',
    'public.ecr.aws',
  ])('returns no registry for %s', (host) => {
    expect(findPrivateRegistry(host)).toBeUndefined();
  });
});
