import { describe, expect, it } from '@jest/globals';
import { findEndpoint } from '../src/endpoint.js';

describe('findEndpoint', () => {
  const AWS_ENDPOINT_URL = 'http://localhost:4566';
  const AWS_ENDPOINT_URL_S3 = 'http://localhost:9000';

  it.each([
    ['the service-specific URL', { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 }, AWS_ENDPOINT_URL_S3],
    ['the general URL', { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3: '' }, AWS_ENDPOINT_URL],
    ['none for another service', { AWS_ENDPOINT_URL_STS: AWS_ENDPOINT_URL }, undefined],
    [
      'none when configured URLs are ignored',
      { AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      undefined,
    ],
  ])('returns %s', (_, env, endpoint) => {
    expect(findEndpoint('S3', env)).toBe(endpoint);
  });
});
