import { describe, expect, it } from '@jest/globals';
import { getConsoleUrl, getDnsSuffix, getPartition } from '../src/region.js';

describe('Regions', () => {
  it.each([
    ['eu-west-1', 'aws', 'amazonaws.com', 'https://eu-west-1.console.aws.amazon.com/x?y'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'https://cn-north-1.console.amazonaws.cn/x?y'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com', 'https://us-gov-west-1.console.amazonaws-us-gov.com/x?y'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/x?y'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov', undefined],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov', undefined],
    ['eu-west-99', 'aws', 'amazonaws.com', 'https://eu-west-99.console.aws.amazon.com/x?y'],
  ])('maps %s to its partition, DNS suffix and console', (region, partition, suffix, url) => {
    expect(getPartition(region)).toBe(partition);
    expect(getDnsSuffix(region)).toBe(suffix);
    expect(getConsoleUrl(region, '/x?y')).toBe(url);
  });
});
