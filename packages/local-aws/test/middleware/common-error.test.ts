import { describe, expect, it } from '@jest/globals';
import { createCommonErrorResponse } from '../../src/middleware/common-error.js';

describe('createCommonErrorResponse', () => {
  it.each([
    ['aws-query', 'Throttling', 400],
    ['aws-json', 'ThrottlingException', 400],
    ['rest-json', 'ThrottlingException', 429],
    ['rest-xml', 'SlowDown', 503],
  ] as const)('reports throttling in %s as %s', (protocol, code, status) => {
    expect(createCommonErrorResponse('throttled', protocol)).toMatchObject({ error: { code, status } });
  });
});
