import { describe, expect, it } from '@jest/globals';
import { formatS3Uri, formatS3Url, parseObjectAddress } from '../../src/s3/object-location.js';

describe('formatS3Url', () => {
  it.each([
    ['eu-central-1', 'https://s3.eu-central-1.amazonaws.com/b/p/k.zip'],
    ['us-east-1', 'https://s3.us-east-1.amazonaws.com/b/p/k.zip'],
    ['cn-north-1', 'https://s3.cn-north-1.amazonaws.com.cn/b/p/k.zip'],
    ['us-gov-west-1', 'https://s3.us-gov-west-1.amazonaws.com/b/p/k.zip'],
    ['eusc-de-east-1', 'https://s3.eusc-de-east-1.amazonaws.eu/b/p/k.zip'],
  ])('uses the DNS suffix of %s', (region, url) => {
    expect(formatS3Url({ bucket: 'b', key: 'p/k.zip' }, region)).toBe(url);
  });

  it('supports bucket names with dots', () => {
    expect(formatS3Url({ bucket: 'a.b', key: 'k' }, 'eu-west-1')).toBe('https://s3.eu-west-1.amazonaws.com/a.b/k');
  });

  it('encodes special characters of the key', () => {
    expect(formatS3Url({ bucket: 'b', key: 'a b/ü+?' }, 'eu-west-1')).toBe(
      'https://s3.eu-west-1.amazonaws.com/b/a%20b/%C3%BC%2B%3F',
    );
  });
});

describe('parseObjectAddress', () => {
  const at = (bucket: string, key: string, region?: string, versionId?: string): object => ({
    bucket,
    key,
    region,
    versionId,
  });

  it.each([
    ['s3://b/a/k.yml', at('b', 'a/k.yml')],
    ['s3://b/k?versionId=v1', at('b', 'k', undefined, 'v1')],
    ['s3://b/a%20b #1?x', at('b', 'a%20b #1?x')],
    ['https://b.s3.amazonaws.com/k', at('b', 'k')],
    ['https://b.s3.eu-west-1.amazonaws.com/a/k?versionId=v', at('b', 'a/k', 'eu-west-1', 'v')],
    ['https://b.s3-eu-west-1.amazonaws.com/k', at('b', 'k', 'eu-west-1')],
    ['https://s3.amazonaws.com/b/a/k', at('b', 'a/k')],
    ['https://s3.eu-west-1.amazonaws.com/a.b/k', at('a.b', 'k', 'eu-west-1')],
    ['https://a.b.s3.eu-west-1.amazonaws.com/k', at('a.b', 'k', 'eu-west-1')],
    ['https://b.s3.cn-north-1.amazonaws.com.cn/k', at('b', 'k', 'cn-north-1')],
    ['https://b.s3.dualstack.us-gov-west-1.amazonaws.com/k', at('b', 'k', 'us-gov-west-1')],
    ['https://b.s3-fips.us-gov-west-1.amazonaws.com/k', at('b', 'k', 'us-gov-west-1')],
    ['https://b.s3.eu-west-1.amazonaws.com/a%20b', at('b', 'a b', 'eu-west-1')],
  ])('parses %s', (text, address) => {
    expect(parseObjectAddress(text)).toEqual(address);
  });

  it.each([
    'https://example.com/b/k',
    'http://b.s3.amazonaws.com/k',
    'https://b.s3.amazonaws.com.evil.com/k',
    'https://b.s3.amazonaws.com/',
    'https://s3.amazonaws.com/b',
    's3://b',
    's3:///k',
    'https://b.s3.amazonaws.com/%E0%A4%A',
    'template.yml',
  ])('returns undefined for %s', (text) => {
    expect(parseObjectAddress(text)).toBeUndefined();
  });

  it.each(['eu-west-1', 'cn-north-1', 'eusc-de-east-1'])('parses URLs of formatS3Url for %s', (region) => {
    const location = { bucket: 'b', key: 'a b/k.zip' };
    expect(parseObjectAddress(formatS3Url(location, region))).toMatchObject({ ...location, region });
    expect(formatS3Uri(location)).toBe('s3://b/a b/k.zip');
  });
});
